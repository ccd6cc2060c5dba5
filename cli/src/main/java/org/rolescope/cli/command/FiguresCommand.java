package org.rolescope.cli.command;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.rolescope.cli.services.Connection;
import org.rolescope.orchestrator.plan.RunId;
import org.rolescope.v1.OrchestratorServiceGrpc;
import org.rolescope.v1.OrchestratorServiceGrpc.OrchestratorServiceBlockingStub;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code rolescope figures}. */
@Command(
    name = "figures",
    mixinStandardHelpOptions = true,
    header = "Draw the figures of a finished run, as SVG and PNG.",
    description = {
      "By the names of the published study: nine of each model, three of a comparison,",
      "below figures/{family}/{base|instruct|comparison}/. Needs no display and no fonts."
    })
public final class FiguresCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Parameters(
      arity = "0..1",
      paramLabel = "RUN",
      description = "Id or folder of the run (default: the one comparison of --family).")
  private String run;

  @Option(
      names = "--family",
      paramLabel = "NAME",
      description = "Family of the run (default: that of RUN).")
  private String family;

  @Option(
      names = "--out",
      paramLabel = "DIR",
      description = "Folder to write figures/{family}/ into (default: the folder of the run).")
  private Path out;

  @Option(
      names = "--only",
      paramLabel = "NAME",
      split = ",",
      description =
          "Only the figures of these names, for example rfc_rsi_comparison or "
              + "visualization_2_heatmaps (default: all).")
  private List<String> only = List.of();

  @Mixin private DataOptions data;

  /** Picocli creates commands. */
  public FiguresCommand() {}

  @Override
  public Integer call() {
    Path folder = runFolder();
    Path target = (out == null ? folder : out).toAbsolutePath().normalize();
    FiguresStep step = new FiguresStep(spec.commandLine().getOut());
    step.list(step.write(folder, target, family, only));
    return 0;
  }

  private Path runFolder() {
    if (run != null) {
      Path folder = Path.of(run).toAbsolutePath().normalize();
      return Files.isDirectory(folder) ? folder : stored(data.folder(), run);
    }
    RunChoice choice = RunChoice.of(null, family, data.folder());
    try (Connection connection = Connection.open(null, choice.data())) {
      OrchestratorServiceBlockingStub stub =
          OrchestratorServiceGrpc.newBlockingStub(connection.channel());
      String id = connection.call("orchestrator", () -> choice.find(stub));
      return stored(choice.data(), id);
    }
  }

  private static Path stored(Path data, String id) {
    return data.resolve("runs").resolve(new RunId(id).text());
  }
}
