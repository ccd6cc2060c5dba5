package org.rolescope.bench.command;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.rolescope.bench.analysis.Analysis;
import org.rolescope.bench.analysis.ExportedShape;
import org.rolescope.bench.analysis.InferenceInProcess;
import org.rolescope.bench.analysis.PatternReader;
import org.rolescope.bench.baseline.BareChain;
import org.rolescope.bench.machine.Cost;
import org.rolescope.bench.machine.Machine;
import org.rolescope.bench.machine.WorkFolder;
import org.rolescope.bench.report.Figures;
import org.rolescope.bench.report.Table;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code bench overhead}. */
@Command(
    name = "overhead",
    mixinStandardHelpOptions = true,
    showDefaultValues = true,
    description = "Whole analysis of a resident model against bare ONNX Runtime runs, in turns.")
public final class OverheadCommand implements Runnable {
  private static final int WARMUPS = 2;

  @Spec private CommandSpec spec;
  @Mixin private CheckpointOptions options;
  @Mixin private PromptOptions prompts;

  @Option(names = "--repetitions", defaultValue = "9", description = "Turns that count.")
  private int repetitions;

  @Override
  public void run() {
    PrintWriter out = spec.commandLine().getOut();
    Machine.print(out);
    try (WorkFolder work = WorkFolder.open(options.keep())) {
      ExportedShape exported = ExportReport.print(options.checkpoint(), work, out);
      try (InferenceInProcess inference = InferenceInProcess.start(exported.models())) {
        compare(exported, inference, out);
      }
    }
  }

  private void compare(ExportedShape exported, InferenceInProcess inference, PrintWriter out) {
    Analysis first = analyse(exported, inference);
    List<Cost> whole = new ArrayList<>();
    List<Cost> bare = new ArrayList<>();
    try (BareChain chain =
        BareChain.open(exported.bundle().folder(), exported.bundle().manifest(), first.batches())) {
      for (int turn = 0; turn < WARMUPS + repetitions; turn++) {
        Cost bareCost = Cost.of(chain::run);
        Cost wholeCost = Cost.of(() -> analyse(exported, inference));
        if (turn >= WARMUPS) {
          bare.add(bareCost);
          whole.add(wholeCost);
        }
      }
    }
    print(first, whole, bare, out);
  }

  private Analysis analyse(ExportedShape exported, InferenceInProcess inference) {
    String model = exported.bundle().folder().getFileName().toString();
    return PatternReader.run(inference.channel(), model, prompts.prompts(), Set.of());
  }

  private void print(Analysis first, List<Cost> whole, List<Cost> bare, PrintWriter out) {
    Table table =
        new Table(
            "Analysis of %d tokens in %d batches, median of %d; the first took %s ms"
                .formatted(
                    first.tokenCount(),
                    first.batches().size(),
                    repetitions,
                    Figures.millis(first.nanos())),
            "",
            "ms",
            "fastest",
            "slowest",
            "of bare",
            "CPU ms",
            "of bare");
    row(table, "bare runs", bare, bare);
    row(table, "whole analysis", whole, bare);
    table.print(out);
  }

  private static void row(Table table, String name, List<Cost> costs, List<Cost> bare) {
    Cost median = Cost.median(costs);
    Cost bareMedian = Cost.median(bare);
    table.row(
        name,
        Figures.millis(median.wallNanos()),
        Figures.millis(Cost.wall(costs).minNanos()),
        Figures.millis(Cost.wall(costs).maxNanos()),
        Figures.ratio(median.wallNanos(), bareMedian.wallNanos()),
        Figures.millis(median.processorNanos()),
        Figures.ratio(median.processorNanos(), bareMedian.processorNanos()));
  }
}
