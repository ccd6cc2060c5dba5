package org.rolescope.cli.command;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code rolescope analyze}. */
@Command(
    name = "analyze",
    mixinStandardHelpOptions = true,
    header = "Measure one model.",
    description = "Entropy of every head, RFC and RSI of every layer.")
public final class AnalyzeCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Parameters(
      paramLabel = "MODEL",
      description = "Name of the model, as `rolescope models` lists it.")
  private String model;

  @Option(
      names = "--family",
      paramLabel = "NAME",
      description = "Name in the folders of the run (default: the model's name).")
  private String family;

  @Mixin private DataOptions data;
  @Mixin private PlanOptions plan;
  @Mixin private RunOptions run;

  /** Picocli creates commands. */
  public AnalyzeCommand() {}

  @Override
  public Integer call() {
    new RunDriver(spec.commandLine().getOut(), spec.commandLine().getErr())
        .run(plan.plan(family == null ? model : family, model, ""), run, data.folder());
    return 0;
  }
}
