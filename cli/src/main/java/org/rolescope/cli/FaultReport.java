package org.rolescope.cli;

import java.io.PrintWriter;
import java.util.Optional;
import org.rolescope.fault.FaultCode;
import org.rolescope.fault.RolescopeException;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.ParseResult;

/** Tells a user of a fault in one sentence, and the shell by the exit code. */
final class FaultReport implements IExecutionExceptionHandler {
  private static final int FAILED = 1;
  private static final int BAD_INPUT = 2;

  @Override
  public int handleExecutionException(
      Exception thrown, CommandLine commandLine, ParseResult parseResult) {
    PrintWriter out = commandLine.getErr();
    if (System.getenv("ROLESCOPE_DEBUG") != null) {
      thrown.printStackTrace(out);
    }
    Optional<RolescopeException> fault = faultIn(thrown);
    if (fault.isPresent()) {
      out.println("rolescope: " + fault.get().getMessage());
      return fault.get().code().origin() == FaultCode.Origin.USER ? BAD_INPUT : FAILED;
    }
    out.println(
        "rolescope: an unforeseen error occurred (%s); set ROLESCOPE_DEBUG=1 and run it again to see more"
            .formatted(thrown.toString().lines().findFirst().orElse("")));
    return FAILED;
  }

  /** The fault itself, or the one another exception carries: a bean that failed, for example. */
  private static Optional<RolescopeException> faultIn(Throwable thrown) {
    for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
      if (cause instanceof RolescopeException fault) {
        return Optional.of(fault);
      }
    }
    return Optional.empty();
  }
}
