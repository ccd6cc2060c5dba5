package org.rolescope.bench;

import org.rolescope.bench.command.ExportCommand;
import org.rolescope.bench.command.GenerateCommand;
import org.rolescope.bench.command.JmhCommand;
import org.rolescope.bench.command.OverheadCommand;
import org.rolescope.bench.command.ShapeCommand;
import org.rolescope.bench.command.StreamCommand;
import org.rolescope.bench.command.SweepCommand;
import org.rolescope.fault.FaultCode;
import org.rolescope.fault.RolescopeException;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParseResult;

/** Entry point of {@code rolescope bench}. */
@Command(
    name = "rolescope bench",
    mixinStandardHelpOptions = true,
    description = {
      "Measures this machine: each bench compares Rolescope with the bare operation,",
      "run in the same process. docs/performance.md says what is compared with what."
    },
    subcommands = {
      ShapeCommand.class,
      ExportCommand.class,
      OverheadCommand.class,
      SweepCommand.class,
      GenerateCommand.class,
      StreamCommand.class,
      JmhCommand.class
    },
    synopsisSubcommandLabel = "COMMAND")
public final class Bench {
  private static final int FAILED = 1;
  private static final int BAD_INPUT = 2;

  private Bench() {}

  /** Runs a bench and ends the JVM with its exit code. */
  public static void main(String[] arguments) {
    System.exit(commandLine().execute(arguments));
  }

  /** The command line, ready to execute. */
  static CommandLine commandLine() {
    return new CommandLine(new Bench())
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setExecutionExceptionHandler(Bench::tell);
  }

  private static int tell(Exception thrown, CommandLine commandLine, ParseResult parsed)
      throws Exception {
    if (thrown instanceof RolescopeException fault) {
      commandLine.getErr().println("rolescope: " + fault.getMessage());
      return fault.code().origin() == FaultCode.Origin.USER ? BAD_INPUT : FAILED;
    }
    throw thrown;
  }
}
