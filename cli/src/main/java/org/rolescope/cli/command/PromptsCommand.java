package org.rolescope.cli.command;

import picocli.CommandLine.Command;

/** {@code rolescope prompts}. */
@Command(
    name = "prompts",
    mixinStandardHelpOptions = true,
    header = "Check a prompt set, or list those built in.",
    subcommands = {PromptsCheckCommand.class, PromptsListCommand.class},
    synopsisSubcommandLabel = "COMMAND")
public final class PromptsCommand {
  /** Picocli creates commands. */
  public PromptsCommand() {}
}
