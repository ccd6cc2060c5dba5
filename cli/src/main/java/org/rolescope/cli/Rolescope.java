package org.rolescope.cli;

import org.rolescope.cli.command.AnalyzeCommand;
import org.rolescope.cli.command.CandidatesCommand;
import org.rolescope.cli.command.CausesCommand;
import org.rolescope.cli.command.CompareCommand;
import org.rolescope.cli.command.CorrelateCommand;
import org.rolescope.cli.command.DashboardCommand;
import org.rolescope.cli.command.DemoCommand;
import org.rolescope.cli.command.ExperimentCommand;
import org.rolescope.cli.command.ExportCommand;
import org.rolescope.cli.command.FamiliesCommand;
import org.rolescope.cli.command.FiguresCommand;
import org.rolescope.cli.command.GenerateCommand;
import org.rolescope.cli.command.InstrumentCommand;
import org.rolescope.cli.command.InterveneCommand;
import org.rolescope.cli.command.ModelsCommand;
import org.rolescope.cli.command.PatchCommand;
import org.rolescope.cli.command.PromptsCommand;
import org.rolescope.cli.command.ReportCommand;
import org.rolescope.cli.command.ReproduceCommand;
import org.rolescope.cli.command.RunCommand;
import org.rolescope.cli.command.ServeCommand;
import org.rolescope.cli.command.VerifyCommand;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** Entry point: parses arguments, runs a command, and turns faults into a sentence and a code. */
@Command(
    name = "rolescope",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    description = {
      "Measures how a language model's attention separates who a prompt is about,",
      "and how that changes from a base model to its instruct model."
    },
    footer = {"", "Exit codes: 0 done, 1 failed, 2 bad input. Start with: rolescope demo"},
    subcommands = {
      DemoCommand.class,
      RunCommand.class,
      FamiliesCommand.class,
      ExportCommand.class,
      InstrumentCommand.class,
      ModelsCommand.class,
      VerifyCommand.class,
      AnalyzeCommand.class,
      CompareCommand.class,
      ReportCommand.class,
      FiguresCommand.class,
      DashboardCommand.class,
      CandidatesCommand.class,
      InterveneCommand.class,
      PatchCommand.class,
      CausesCommand.class,
      CorrelateCommand.class,
      ReproduceCommand.class,
      PromptsCommand.class,
      GenerateCommand.class,
      ExperimentCommand.class,
      ServeCommand.class
    },
    synopsisSubcommandLabel = "COMMAND")
public final class Rolescope {
  private Rolescope() {}

  /** Runs the command and ends the JVM with its exit code. */
  public static void main(String[] arguments) {
    LogSetup.apply(arguments);
    System.exit(commandLine().execute(arguments));
  }

  /** The command line, ready to execute. */
  static CommandLine commandLine() {
    return new CommandLine(new Rolescope())
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setParameterExceptionHandler(new UsageReport())
        .setExecutionExceptionHandler(new FaultReport());
  }
}
