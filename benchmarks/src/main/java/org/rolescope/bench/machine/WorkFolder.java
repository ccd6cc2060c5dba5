package org.rolescope.bench.machine;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.rolescope.bench.report.Figures;
import org.rolescope.fault.FaultCode;
import org.rolescope.fault.RolescopeException;

/** The folder a bench writes to. Closing it, or ending the JVM, deletes it unless it is kept. */
public final class WorkFolder implements AutoCloseable {
  /** Room that must be left over. */
  private static final long SPARE_BYTES = 1L << 30;

  private final Path folder;
  private final Thread deletion = new Thread(this::delete, "delete-work-folder");
  private final boolean kept;

  private WorkFolder(Path folder, boolean kept) {
    this.folder = folder;
    this.kept = kept;
    if (!kept) {
      Runtime.getRuntime().addShutdownHook(deletion);
    }
  }

  /**
   * Opens a folder.
   *
   * @param keep folder to use and to keep; null for a temporary one
   */
  public static WorkFolder open(Path keep) {
    try {
      return keep == null
          ? new WorkFolder(Files.createTempDirectory("rolescope-bench"), false)
          : new WorkFolder(Files.createDirectories(keep.toAbsolutePath()), true);
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  /** The folder. */
  public Path folder() {
    return folder;
  }

  /**
   * Confirms that there is room.
   *
   * @param sizeBytes bytes that will be written
   * @throws RolescopeException RESOURCE_EXHAUSTED where there is not
   */
  public void requireRoom(long sizeBytes) {
    try {
      long usable = Files.getFileStore(folder).getUsableSpace();
      if (usable - SPARE_BYTES < sizeBytes) {
        throw new RolescopeException(
            FaultCode.RESOURCE_EXHAUSTED,
            "The checkpoint takes %s MiB but %s has %s MiB left; give a folder with more room with --keep, or fewer layers with --layers"
                .formatted(Figures.mebibytes(sizeBytes), folder, Figures.mebibytes(usable)));
      }
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  @Override
  public void close() {
    if (!kept) {
      delete();
      Runtime.getRuntime().removeShutdownHook(deletion);
    }
  }

  private void delete() {
    if (!Files.exists(folder)) {
      return;
    }
    try (Stream<Path> walk = Files.walk(folder)) {
      List<Path> deepestFirst = walk.sorted(Comparator.reverseOrder()).toList();
      for (Path path : deepestFirst) {
        Files.deleteIfExists(path);
      }
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }
}
