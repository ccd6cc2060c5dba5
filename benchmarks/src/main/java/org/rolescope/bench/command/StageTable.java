package org.rolescope.bench.command;

import java.io.PrintWriter;
import java.util.Arrays;
import org.rolescope.bench.analysis.Analysis;
import org.rolescope.bench.analysis.MeasuredAnalysis;
import org.rolescope.bench.baseline.PlainProducts;
import org.rolescope.bench.checkpoint.ModelShape;
import org.rolescope.bench.report.Figures;
import org.rolescope.bench.report.Table;
import org.rolescope.inference.forward.PassReport;
import org.rolescope.inference.forward.StageReport;
import org.rolescope.metrics.entropy.EntropyKind;
import org.rolescope.tensors.bundle.Stage;

/**
 * What each stage of an analysis cost. Reading runs beside the stage before, so it is no part of
 * the sum; what the pass waited for it is.
 *
 * @param shape the model
 * @param measured the analysis
 */
record StageTable(ModelShape shape, MeasuredAnalysis measured) {
  void print(PrintWriter out) {
    Table table =
        new Table(
            "Stages, ms: wait + convert + session + run + emit = total; read runs beside",
            "Stage",
            "read",
            "wait",
            "convert",
            "session",
            "run",
            "emit",
            "total",
            "GFLOP/s",
            "nats");
    PassReport pass = measured.pass();
    pass.stages().forEach(stage -> row(table, stage));
    double operations =
        PlainProducts.operationsOfBlock(shape, measured.analysis().batches()) * shape.layers();
    table.row(
        "all",
        Figures.millis(pass.readNanos()),
        Figures.millis(pass.waitNanos()),
        Figures.millis(pass.convertNanos()),
        Figures.millis(pass.sessionNanos()),
        Figures.millis(pass.runNanos()),
        Figures.millis(pass.stages().stream().mapToLong(StageTable::emitNanos).sum()),
        Figures.millis(pass.totalNanos()),
        Figures.gigaflops(operations, pass.runNanos()),
        "");
    table.print(out);
  }

  private void row(Table table, StageReport stage) {
    table.row(
        name(stage.stage()) + (stage.resident() ? " (stays)" : ""),
        Figures.millis(stage.load().readNanos()),
        Figures.millis(stage.load().waitNanos()),
        Figures.millis(stage.load().convertNanos()),
        Figures.millis(stage.load().sessionNanos()),
        Figures.millis(stage.runNanos()),
        Figures.millis(emitNanos(stage)),
        Figures.millis(stage.totalNanos()),
        gigaflops(stage),
        nats(stage.stage()));
  }

  private static String name(Stage stage) {
    return switch (stage.kind()) {
      case EMBED -> "embed";
      case BLOCKS -> "%d-%d".formatted(stage.firstLayer(), stage.lastLayer());
      case UNEMBED -> "unembed";
      case MODEL -> "model";
    };
  }

  /** Copying tensors out, framing, and waiting for the reader. */
  private static long emitNanos(StageReport stage) {
    return stage.totalNanos()
        - stage.load().waitNanos()
        - stage.load().convertNanos()
        - stage.load().sessionNanos()
        - stage.runNanos();
  }

  private String gigaflops(StageReport stage) {
    if (stage.stage().kind() != Stage.Kind.BLOCKS) {
      return "";
    }
    int layers = stage.stage().lastLayer() - stage.stage().firstLayer() + 1;
    double operations =
        PlainProducts.operationsOfBlock(shape, measured.analysis().batches()) * layers;
    return Figures.gigaflops(operations, stage.runNanos());
  }

  /** Mean exact entropy of the stage's last layer: evidence that the analysis was one. */
  private String nats(Stage stage) {
    if (stage.kind() != Stage.Kind.BLOCKS) {
      return "";
    }
    Analysis.LayerMark mark = measured.analysis().layers().get(stage.lastLayer());
    double[] nats = mark.entropies().table(EntropyKind.EXACT).toArray();
    return "%.4f".formatted(Arrays.stream(nats).average().orElse(0));
  }
}
