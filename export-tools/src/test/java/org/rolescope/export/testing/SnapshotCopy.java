package org.rolescope.export.testing;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** A copy of a demo model that a test may alter. */
public final class SnapshotCopy {
  private final Path folder;

  private SnapshotCopy(Path folder) {
    this.folder = folder;
  }

  /** Copies the base model into a folder {@code snapshot} inside this one. */
  public static SnapshotCopy in(Path parent) throws IOException {
    Path folder = Files.createDirectory(parent.resolve("snapshot"));
    for (Path file : FileTree.files(DemoModels.snapshot("base")).values()) {
      Files.copy(file, folder.resolve(file.getFileName()));
    }
    return new SnapshotCopy(folder);
  }

  /** The folder of the copy. */
  public Path folder() {
    return folder;
  }

  /** A file of the copy. */
  public Path file(String name) {
    return folder.resolve(name);
  }

  /** Replaces text in {@code config.json}, which must hold it. */
  public SnapshotCopy configure(String found, String replacement) throws IOException {
    return replace("config.json", found, replacement);
  }

  /** Replaces text in a file, which must hold it, byte by byte. */
  public SnapshotCopy replace(String name, String found, String replacement) throws IOException {
    String text = Files.readString(file(name), StandardCharsets.ISO_8859_1);
    if (!text.contains(found)) {
      throw new IllegalArgumentException(name + " does not hold " + found);
    }
    Files.writeString(file(name), text.replace(found, replacement), StandardCharsets.ISO_8859_1);
    return this;
  }
}
