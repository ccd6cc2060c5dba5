package org.rolescope.bench.command;

import java.io.PrintWriter;
import org.rolescope.bench.machine.Machine;
import org.rolescope.bench.machine.WorkFolder;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code bench export}. */
@Command(
    name = "export",
    mixinStandardHelpOptions = true,
    showDefaultValues = true,
    description = "Time and memory of exporting a synthetic checkpoint of a true shape.")
public final class ExportCommand implements Runnable {
  @Spec private CommandSpec spec;
  @Mixin private CheckpointOptions options;

  @Override
  public void run() {
    PrintWriter out = spec.commandLine().getOut();
    Machine.print(out);
    try (WorkFolder work = WorkFolder.open(options.keep())) {
      ExportReport.print(options.checkpoint(), work, out);
    }
  }
}
