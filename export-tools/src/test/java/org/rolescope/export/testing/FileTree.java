package org.rolescope.export.testing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** What is in a folder. */
public final class FileTree {
  private FileTree() {}

  /** All regular files below a folder, by their relative name. */
  public static Map<String, Path> files(Path root) throws IOException {
    Map<String, Path> files = new TreeMap<>();
    try (Stream<Path> found = Files.walk(root)) {
      found
          .filter(Files::isRegularFile)
          .forEach(file -> files.put(root.relativize(file).toString().replace('\\', '/'), file));
    }
    return files;
  }

  /** Whether nothing at all is in a folder. */
  public static boolean isEmpty(Path folder) throws IOException {
    try (Stream<Path> entries = Files.list(folder)) {
      return entries.findAny().isEmpty();
    }
  }
}
