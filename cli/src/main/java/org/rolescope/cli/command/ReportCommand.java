package org.rolescope.cli.command;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.rolescope.orchestrator.plan.RunId;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code rolescope report}. */
@Command(
    name = "report",
    mixinStandardHelpOptions = true,
    header = "Write a report on a finished run.",
    description = {
      "report.md, and report.html, a page that needs no other file: what was run,",
      "what was found, every layer, and the heads that tell roles apart the most."
    })
public final class ReportCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Parameters(paramLabel = "RUN", description = "Id of a run below --data, or the folder of a run.")
  private String run;

  @Option(
      names = "--out",
      paramLabel = "DIR",
      description = "Where to write (default: the folder of the run).")
  private Path out;

  @Mixin private DataOptions data;

  /** Picocli creates commands. */
  public ReportCommand() {}

  @Override
  public Integer call() {
    Path folder = runFolder();
    Path target = (out == null ? folder : out).toAbsolutePath().normalize();
    new ReportStep(spec.commandLine().getOut()).write(folder, target);
    return 0;
  }

  private Path runFolder() {
    Path folder = Path.of(run).toAbsolutePath().normalize();
    if (Files.isDirectory(folder)) {
      return folder;
    }
    return data.folder().resolve("runs").resolve(new RunId(run).text());
  }
}
