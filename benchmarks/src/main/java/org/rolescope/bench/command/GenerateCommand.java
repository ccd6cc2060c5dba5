package org.rolescope.bench.command;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import org.rolescope.bench.analysis.ExportedShape;
import org.rolescope.bench.analysis.InferenceInProcess;
import org.rolescope.bench.analysis.TimedGeneration;
import org.rolescope.bench.baseline.MemoryRead;
import org.rolescope.bench.baseline.VectorProducts;
import org.rolescope.bench.checkpoint.ModelShape;
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

/** {@code bench generate}. */
@Command(
    name = "generate",
    mixinStandardHelpOptions = true,
    showDefaultValues = true,
    description =
        "Time per generated token of a resident model, against the bare products of a vector with all weights, in turns.")
public final class GenerateCommand implements Runnable {
  private static final int SKIPPED = 16;
  private static final int WARMUPS = 1;

  @Spec private CommandSpec spec;
  @Mixin private CheckpointOptions options;

  @Option(names = "--tokens", defaultValue = "64", description = "Tokens timed in a turn.")
  private int tokens;

  @Option(names = "--repetitions", defaultValue = "5", description = "Turns that count.")
  private int repetitions;

  private final List<Cost> generation = new ArrayList<>();
  private final List<Cost> bare = new ArrayList<>();
  private final List<Cost> prepacked = new ArrayList<>();
  private final List<Cost> read = new ArrayList<>();

  @Override
  public void run() {
    PrintWriter out = spec.commandLine().getOut();
    Machine.print(out);
    ModelShape shape = options.checkpoint().shape();
    try (WorkFolder work = WorkFolder.open(options.keep())) {
      ExportedShape exported = ExportReport.print(options.checkpoint(), work, out);
      MemoryRead memory = new MemoryRead(VectorProducts.sizeBytes(shape));
      try (InferenceInProcess inference = InferenceInProcess.start(exported.models());
          VectorProducts plain = VectorProducts.of(shape, false);
          VectorProducts packed = VectorProducts.of(shape, true)) {
        for (int turn = 0; turn < WARMUPS + repetitions; turn++) {
          generate(exported, inference);
          time(bare, plain::run);
          time(prepacked, packed::run);
          time(read, memory::run);
        }
      }
      print(out, VectorProducts.sizeBytes(shape), memory.sizeBytes());
    }
  }

  private void generate(ExportedShape exported, InferenceInProcess inference) {
    String model = exported.bundle().folder().getFileName().toString();
    TimedGeneration.run(
        inference.channel(),
        model,
        SKIPPED,
        tokens,
        reading -> generation.add(Cost.of(reading).times(1.0 / tokens)));
  }

  /** Cost of one of as many runs as there are tokens. */
  private void time(List<Cost> costs, Runnable work) {
    Cost all =
        Cost.of(
            () -> {
              for (int count = 0; count < tokens; count++) {
                work.run();
              }
            });
    costs.add(all.times(1.0 / tokens));
  }

  private void print(PrintWriter out, long weightBytes, long readBytes) {
    Table table =
        new Table(
            "A token: %s MiB of weights; median of %d turns of %d tokens, behind %d others"
                .formatted(Figures.mebibytes(weightBytes), repetitions, tokens, SKIPPED + 8),
            "",
            "ms",
            "fastest",
            "slowest",
            "of generation",
            "CPU ms",
            "MiB/s");
    row(table, "generation", generation, weightBytes);
    row(table, "bare products", bare, weightBytes);
    row(table, "bare products, weights repacked", prepacked, weightBytes);
    row(table, "plain read of as much memory", read, readBytes);
    table.print(out);
  }

  private void row(Table table, String name, List<Cost> all, long bytes) {
    List<Cost> counted = all.subList(WARMUPS, all.size());
    double nanos = Cost.median(counted).wallNanos();
    table.row(
        name,
        Figures.millis(nanos),
        Figures.millis(Cost.wall(counted).minNanos()),
        Figures.millis(Cost.wall(counted).maxNanos()),
        Figures.ratio(nanos, Cost.median(generation.subList(WARMUPS, all.size())).wallNanos()),
        Figures.millis(Cost.median(counted).processorNanos()),
        Figures.mebibytesPerSecond(bytes, nanos));
  }
}
