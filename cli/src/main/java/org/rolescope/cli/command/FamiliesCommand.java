package org.rolescope.cli.command;

import java.util.concurrent.Callable;
import org.rolescope.cli.output.FamilyTable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code rolescope families}. */
@Command(
    name = "families",
    mixinStandardHelpOptions = true,
    header = "List the model families that can be run by name.")
public final class FamiliesCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private FamilyOptions families;

  /** Picocli creates commands. */
  public FamiliesCommand() {}

  @Override
  public Integer call() {
    new FamilyTable(spec.commandLine().getOut()).print(families.families().all());
    return 0;
  }
}
