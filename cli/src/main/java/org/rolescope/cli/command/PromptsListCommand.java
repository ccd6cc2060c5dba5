package org.rolescope.cli.command;

import java.util.concurrent.Callable;
import org.rolescope.cli.output.PromptSetTable;
import org.rolescope.orchestrator.plan.PromptSets;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code rolescope prompts list}. */
@Command(
    name = "list",
    mixinStandardHelpOptions = true,
    header = "List the prompt sets that are built in.")
public final class PromptsListCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  /** Picocli creates commands. */
  public PromptsListCommand() {}

  @Override
  public Integer call() {
    new PromptSetTable(spec.commandLine().getOut()).print(PromptSets.bundledNames());
    return 0;
  }
}
