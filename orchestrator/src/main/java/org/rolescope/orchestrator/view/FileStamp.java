package org.rolescope.orchestrator.view;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;

/** Tells one content of a file from another without reading it. */
final class FileStamp {
  private FileStamp() {}

  /** Path, size and time of a file; the path alone where there is none. */
  static String of(Path file) {
    try {
      BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
      return "%s %d %s".formatted(file, attributes.size(), attributes.lastModifiedTime());
    } catch (IOException absent) {
      return file.toString();
    }
  }
}
