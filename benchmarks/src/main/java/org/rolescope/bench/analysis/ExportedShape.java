package org.rolescope.bench.analysis;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.rolescope.bench.checkpoint.SyntheticCheckpoint;
import org.rolescope.bench.machine.PeakMemory;
import org.rolescope.bench.machine.WorkFolder;
import org.rolescope.export.ExportRequest;
import org.rolescope.export.ExportedBundle;
import org.rolescope.export.Exporter;
import org.rolescope.tensors.bundle.WeightFile;

/**
 * A synthetic checkpoint and its bundle.
 *
 * @param models folder of bundles
 * @param bundle the bundle
 * @param writeNanos time to write the checkpoint, nanoseconds; 0 where it was there
 * @param exportNanos time to export it, nanoseconds
 * @param exportPeakBytes peak resident memory of this process during the export
 */
public record ExportedShape(
    Path models,
    ExportedBundle bundle,
    long writeNanos,
    long exportNanos,
    OptionalLong exportPeakBytes) {
  /** Writes a checkpoint and exports it. */
  public static ExportedShape make(SyntheticCheckpoint checkpoint, WorkFolder work) {
    Path source = work.folder().resolve("checkpoint");
    Path models = work.folder().resolve("models");
    long start = System.nanoTime();
    boolean written = checkpoint.write(source);
    long writeNanos = written ? System.nanoTime() - start : 0;
    try (PeakMemory memory = PeakMemory.watch()) {
      long exportStart = System.nanoTime();
      Path folder = models.resolve(checkpoint.shape().name());
      ExportedBundle bundle =
          new Exporter().export(ExportRequest.of(source, folder).withOverwrite(true));
      long exportNanos = System.nanoTime() - exportStart;
      return new ExportedShape(models, bundle, writeNanos, exportNanos, memory.peakBytes());
    }
  }

  /** Bytes the export wrote: everything in the bundle that is no link to a weight file. */
  public long writtenBytes() {
    Set<Path> links =
        bundle.manifest().weightFiles().stream()
            .map(WeightFile::file)
            .filter(java.util.Objects::nonNull)
            .map(bundle.folder()::resolve)
            .collect(Collectors.toSet());
    try (Stream<Path> files = Files.walk(bundle.folder())) {
      return files
          .filter(file -> Files.isRegularFile(file) && !links.contains(file))
          .mapToLong(file -> file.toFile().length())
          .sum();
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }
}
