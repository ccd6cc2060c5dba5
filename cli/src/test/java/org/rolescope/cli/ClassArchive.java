package org.rolescope.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * The classes of the command as the JVM maps them, made once for all tests: most commands here are
 * over sooner than their classes are read from the archives and checked. It changes nothing but the
 * time a start takes; where it cannot be made, commands start as they do for a user.
 */
final class ClassArchive {
  private static final Path FILE = Path.of("target/command.jsa").toAbsolutePath();
  private static final List<String> OPTIONS = make();

  private ClassArchive() {}

  /** Options of a JVM that starts from it. */
  static List<String> options() {
    return OPTIONS;
  }

  /** A small demo goes through nearly all the classes there are. */
  private static List<String> make() {
    try {
      Files.deleteIfExists(FILE);
      Path folder = Files.createTempDirectory(FILE.getParent(), "class-archive");
      CommandProcess.runWith(
          List.of("-XX:ArchiveClassesAtExit=" + FILE),
          folder,
          Map.of(),
          "demo",
          "--data",
          "data",
          "--no-raw-patterns",
          "--resamples",
          "20",
          "--prompts-per-category",
          "2");
      FileTrees.delete(folder);
    } catch (IOException failed) {
      throw new IllegalStateException(failed);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
    if (!Files.exists(FILE)) {
      return List.of();
    }
    // The JVM says that its own archive does not know the option for native access: it need not.
    return List.of("-XX:SharedArchiveFile=" + FILE, "-Xshare:auto", "-Xlog:cds=off");
  }
}
