package org.rolescope.cli.command;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code rolescope compare}. */
@Command(
    name = "compare",
    mixinStandardHelpOptions = true,
    header = "Measure two models and compare them layer by layer.",
    description = {
      "The same prompts through both: base and instruct, or any two versions.",
      "What was measured before is not measured again."
    })
public final class CompareCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Parameters(index = "0", paramLabel = "BASE", description = "Name of the base (older) model.")
  private String base;

  @Parameters(
      index = "1",
      paramLabel = "INSTRUCT",
      description = "Name of the instruct (newer) model.")
  private String instruct;

  @Option(
      names = "--family",
      paramLabel = "NAME",
      description = "Name in the folders of the run (default: the base model's name).")
  private String family;

  @Mixin private DataOptions data;
  @Mixin private PlanOptions plan;
  @Mixin private RunOptions run;

  /** Picocli creates commands. */
  public CompareCommand() {}

  @Override
  public Integer call() {
    new RunDriver(spec.commandLine().getOut(), spec.commandLine().getErr())
        .run(plan.plan(family == null ? base : family, base, instruct), run, data.folder());
    return 0;
  }
}
