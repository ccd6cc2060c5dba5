package org.rolescope.orchestrator.runstore;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.rolescope.fault.RolescopeException;

/** Folders with everything in them. */
public final class FileTrees {
  private FileTrees() {}

  /**
   * Deletes the chosen files and folders in a folder, and the folder itself where it is chosen.
   * Where there is no such folder, there is nothing to do.
   *
   * @throws RolescopeException RESOURCE_EXHAUSTED where the disk does not let it
   */
  public static void delete(Path folder, Predicate<Path> chosen) {
    try (Stream<Path> files = Files.walk(folder)) {
      // Deepest first, so that a folder is empty when its turn comes.
      for (Path file : files.filter(chosen).sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    } catch (NoSuchFileException gone) {
      // Nothing there is as good as deleted.
    } catch (IOException failed) {
      throw AtomicFiles.notWritten(folder, failed);
    }
  }

  /** Deletes what killed processes left of files in a folder. */
  public static void deletePartial(Path folder) {
    delete(folder, AtomicFiles::isPartial);
  }
}
