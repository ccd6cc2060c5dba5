package org.rolescope.bench.command;

import java.io.PrintWriter;
import org.rolescope.bench.analysis.ExportedShape;
import org.rolescope.bench.checkpoint.SyntheticCheckpoint;
import org.rolescope.bench.machine.WorkFolder;
import org.rolescope.bench.report.Figures;
import org.rolescope.bench.report.Table;

/** Makes a checkpoint, exports it, and prints what that took. */
final class ExportReport {
  private ExportReport() {}

  static ExportedShape print(SyntheticCheckpoint checkpoint, WorkFolder work, PrintWriter out) {
    work.requireRoom(checkpoint.sizeBytes());
    ExportedShape exported = ExportedShape.make(checkpoint, work);
    new Table(
            "Export of %s, %d layers, %s, %d weight files, %s MiB"
                .formatted(
                    checkpoint.shape().name(),
                    checkpoint.shape().layers(),
                    checkpoint.type(),
                    checkpoint.shardCount(),
                    Figures.mebibytes(checkpoint.sizeBytes())),
            "",
            "ms",
            "MiB")
        .row("checkpoint written", Figures.millis(exported.writeNanos()), "")
        .row("exported", Figures.millis(exported.exportNanos()), "")
        .row("peak RSS of the export", "", Figures.mebibytes(exported.exportPeakBytes()))
        .row("written besides links", "", Figures.mebibytes(exported.writtenBytes()))
        .print(out);
    return exported;
  }
}
