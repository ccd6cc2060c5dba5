package org.rolescope.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** Folders with all that is in them. */
final class FileTrees {
  private FileTrees() {}

  /** Copies a folder to where there is none yet. */
  static void copy(Path from, Path to) throws IOException {
    for (Path path : paths(from)) {
      Path target = to.resolve(from.relativize(path));
      if (Files.isDirectory(path)) {
        Files.createDirectories(target);
      } else {
        Files.copy(path, target);
      }
    }
  }

  /** Deletes a folder. */
  static void delete(Path folder) throws IOException {
    for (Path path : paths(folder).reversed()) {
      Files.delete(path);
    }
  }

  /** The folder and all below it, a folder before what is in it. */
  private static List<Path> paths(Path folder) throws IOException {
    try (Stream<Path> paths = Files.walk(folder)) {
      return paths.sorted(Comparator.naturalOrder()).toList();
    }
  }
}
