package org.rolescope.cli;

import java.io.PrintWriter;
import picocli.CommandLine;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** Tells a user of options that cannot be, in one sentence and not under a page of help. */
final class UsageReport implements IParameterExceptionHandler {
  @Override
  public int handleParseException(ParameterException thrown, String[] arguments) {
    CommandLine command = thrown.getCommandLine();
    PrintWriter err = command.getErr();
    err.println("rolescope: " + thrown.getMessage());
    UnmatchedArgumentException.printSuggestions(thrown, err);
    err.printf("`%s --help` lists what there is.%n", command.getCommandSpec().qualifiedName());
    err.flush();
    return command.getCommandSpec().exitCodeOnInvalidInput();
  }
}
