package org.rolescope.bench.command;

import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.rolescope.bench.analysis.ExportedShape;
import org.rolescope.bench.analysis.InferenceInProcess;
import org.rolescope.bench.analysis.MeasuredSweep;
import org.rolescope.bench.checkpoint.ModelShape;
import org.rolescope.bench.checkpoint.StoredFloat;
import org.rolescope.bench.checkpoint.SyntheticCheckpoint;
import org.rolescope.bench.machine.Cost;
import org.rolescope.bench.machine.Machine;
import org.rolescope.bench.machine.WorkFolder;
import org.rolescope.bench.report.Figures;
import org.rolescope.bench.report.Table;
import org.rolescope.export.ExportRequest;
import org.rolescope.export.Exporter;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code bench sweep}. */
@Command(
    name = "sweep",
    mixinStandardHelpOptions = true,
    showDefaultValues = true,
    description = "Patching of every head of a model against plain passes of the same prompts.")
public final class SweepCommand implements Runnable {
  @Spec private CommandSpec spec;
  @Mixin private PromptOptions prompts;

  @Parameters(
      index = "0",
      paramLabel = "SHAPE|DIR",
      description = "For example smollm2-135m, or the folder of a checkpoint.")
  private String shape;

  @Option(
      names = "--set",
      paramLabel = "NAME=VALUE",
      description = "Setting of rolescope.inference; repeatable.")
  private Map<String, String> settings = new LinkedHashMap<>();

  @Option(names = "--repetitions", defaultValue = "3", description = "Turns; the medians count.")
  private int repetitions;

  @Override
  public void run() {
    PrintWriter out = spec.commandLine().getOut();
    Machine.print(out);
    try (WorkFolder work = WorkFolder.open(null)) {
      Path bundle = bundle(work, out);
      try (InferenceInProcess inference = InferenceInProcess.start(bundle.getParent(), settings)) {
        measure(inference, bundle.getFileName().toString(), out);
      }
    }
  }

  private Path bundle(WorkFolder work, PrintWriter out) {
    if (Files.isDirectory(Path.of(shape))) {
      Path bundle = work.folder().resolve("models").resolve("model");
      return new Exporter().export(ExportRequest.of(Path.of(shape), bundle)).folder();
    }
    SyntheticCheckpoint checkpoint =
        new SyntheticCheckpoint(ModelShape.named(shape), StoredFloat.BF16);
    ExportedShape exported = ExportReport.print(checkpoint, work, out);
    return exported.bundle().folder();
  }

  private void measure(InferenceInProcess inference, String model, PrintWriter out) {
    List<String> texts = prompts.prompts();
    // The first pass loads the weights.
    MeasuredSweep.plainPass(inference.channel(), model, texts);
    List<Cost> plain =
        Stream.generate(() -> MeasuredSweep.plainPass(inference.channel(), model, texts))
            .limit(repetitions)
            .toList();
    List<MeasuredSweep> sweeps =
        Stream.generate(() -> MeasuredSweep.run(inference.channel(), model, texts))
            .limit(repetitions)
            .toList();
    Cost pass = Cost.median(plain);
    Cost sweep = Cost.median(sweeps.stream().map(MeasuredSweep::cost).toList());
    MeasuredSweep first = sweeps.getFirst();
    new Table(
            "Sweep over %d heads, %d prompts, median of %d"
                .formatted(first.variants(), texts.size(), repetitions),
            "",
            "ms",
            "passes",
            "of a pass")
        .row("plain pass", Figures.millis(pass.wallNanos()), "1.0", "1.000")
        .row(
            "sweep, %s batches".formatted(Figures.grouped(first.ended().getBatches())),
            Figures.millis(sweep.wallNanos()),
            String.format(Locale.ROOT, "%.1f", first.ended().getForwardPasses()),
            Figures.ratio(sweep.wallNanos(), pass.wallNanos()))
        .print(out);
  }
}
