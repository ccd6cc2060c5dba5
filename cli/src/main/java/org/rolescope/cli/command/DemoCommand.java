package org.rolescope.cli.command;

import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.rolescope.cli.output.ParityReport;
import org.rolescope.cli.output.Progress;
import org.rolescope.cli.services.Connection;
import org.rolescope.export.ExportRequest;
import org.rolescope.fault.FaultCode;
import org.rolescope.fault.RolescopeException;
import org.rolescope.orchestrator.plan.PromptSets;
import org.rolescope.tensors.bundle.ParityCertificate;
import org.rolescope.tensors.bundle.json.ManifestJson;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code rolescope demo}. */
@Command(
    name = "demo",
    mixinStandardHelpOptions = true,
    header = "Measure the demo pair that comes with Rolescope.",
    description = {
      "From checkpoint to table: export, tensors over gRPC, entropies, RFC and RSI,",
      "base against instruct."
    })
public final class DemoCommand implements Callable<Integer> {
  private static final int VERIFIED_PROMPTS = 6;

  @Spec private CommandSpec spec;
  @Mixin private DataOptions data;
  @Mixin private PlanOptions plan;
  @Mixin private RunOptions run;

  @Option(
      names = "--demo-models",
      paramLabel = "DIR",
      description = "Folder with the checkpoints base/ and instruct/ (default: those shipped).")
  private Path demoModels;

  /** Picocli creates commands. */
  public DemoCommand() {}

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    Path checkpoints = checkpoints();
    for (String variant : new String[] {"base", "instruct"}) {
      Path bundle = data.model("demo-" + variant);
      new ExportStep(out)
          .export(ExportRequest.of(checkpoints.resolve(variant), bundle).withOverwrite(true));
    }
    verify(List.of("demo-base", "demo-instruct"));
    new RunDriver(out, spec.commandLine().getErr())
        .run(plan.plan("demo", "demo-base", "demo-instruct"), run, data.folder());
    return 0;
  }

  /** Verifies the models once after they were exported, and says each time what was found. */
  private void verify(List<String> models) {
    if (models.stream().anyMatch(model -> certificate(model) == null)) {
      List<String> prompts = VerifyStep.spread(PromptSets.bundled("default"), VERIFIED_PROMPTS);
      try (Connection connection = Connection.open(null, data.folder(), run.device().settings());
          Progress nobody = Progress.silent()) {
        VerifyStep step = new VerifyStep(connection, data);
        models.stream()
            .filter(model -> certificate(model) == null)
            .forEach(model -> step.verify(model, prompts, nobody));
      }
    }
    ParityReport report = new ParityReport(spec.commandLine().getOut());
    models.forEach(model -> report.printVerdict(model, certificate(model)));
  }

  private ParityCertificate certificate(String model) {
    return ManifestJson.read(data.model(model)).certificate();
  }

  private Path checkpoints() {
    if (demoModels != null) {
      return demoModels;
    }
    Path shipped =
        Path.of(System.getProperty("rolescope.home", "."))
            .resolve("examples")
            .resolve("demo-models");
    if (!Files.isDirectory(shipped)) {
      throw new RolescopeException(
          FaultCode.NOT_FOUND,
          "The demo models are not at %s; name their folder with --demo-models".formatted(shipped));
    }
    return shipped;
  }
}
