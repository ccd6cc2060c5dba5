package org.rolescope.bench.command;

import java.io.PrintWriter;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.rolescope.bench.analysis.ExportedShape;
import org.rolescope.bench.analysis.InferenceInProcess;
import org.rolescope.bench.analysis.MeasuredAnalysis;
import org.rolescope.bench.baseline.PlainRead;
import org.rolescope.bench.checkpoint.SyntheticCheckpoint;
import org.rolescope.bench.machine.Machine;
import org.rolescope.bench.machine.WorkFolder;
import org.rolescope.v1.Tap;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code bench shape}. */
@Command(
    name = "shape",
    mixinStandardHelpOptions = true,
    showDefaultValues = true,
    description =
        "Export and analysis of a true shape, against plain matrix products and plain reads.")
public final class ShapeCommand implements Runnable {
  @Spec private CommandSpec spec;
  @Mixin private CheckpointOptions options;
  @Mixin private PromptOptions prompts;

  @Option(
      names = "--set",
      paramLabel = "NAME=VALUE",
      description =
          "Setting of rolescope.inference, for example memory-budget=1500000000; repeatable.")
  private Map<String, String> settings = new LinkedHashMap<>();

  @Option(
      names = "--logits",
      description =
          "Capture the logits too; the plain products are those of the blocks all the same.")
  private boolean logits;

  @Option(
      names = "--value-norm",
      description =
          "Capture the value norms too, as a run does, and measure norm-weighted entropy; the plain products are without.")
  private boolean valueNorm;

  @Option(names = "--repetitions", defaultValue = "1", description = "Analyses; the median counts.")
  private int repetitions;

  @Override
  public void run() {
    PrintWriter out = spec.commandLine().getOut();
    Machine.print(out);
    SyntheticCheckpoint checkpoint = options.checkpoint();
    try (WorkFolder work = WorkFolder.open(options.keep())) {
      ExportedShape exported = ExportReport.print(checkpoint, work, out);
      MeasuredAnalysis measured = analyse(exported);
      new ShapeReport(checkpoint.shape(), exported, measured).print(out);
    }
  }

  private Set<Tap> more() {
    Set<Tap> more = EnumSet.noneOf(Tap.class);
    if (logits) {
      more.add(Tap.TAP_LOGITS);
    }
    if (valueNorm) {
      more.add(Tap.TAP_VALUE_NORM);
    }
    return more;
  }

  private MeasuredAnalysis analyse(ExportedShape exported) {
    String model = exported.bundle().folder().getFileName().toString();
    try (InferenceInProcess inference =
        InferenceInProcess.startReporting(exported.models(), settings)) {
      // The weights are in the page cache when the plain read is timed; so they must be here.
      PlainRead.run(exported.bundle().folder(), exported.bundle().manifest());
      List<MeasuredAnalysis> runs =
          IntStream.range(0, repetitions)
              .mapToObj(_ -> MeasuredAnalysis.run(inference, model, prompts.prompts(), more()))
              .sorted()
              .toList();
      return runs.get(runs.size() / 2);
    }
  }
}
