package org.rolescope.cli.command;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import org.rolescope.cli.output.ParityReport;
import org.rolescope.cli.output.Progress;
import org.rolescope.cli.services.Connection;
import org.rolescope.export.ExportRequest;
import org.rolescope.orchestrator.plan.PromptSets;
import org.rolescope.tensors.bundle.ParityCertificate;
import org.rolescope.tensors.bundle.json.ManifestJson;

/**
 * From checkpoints to models that are fit to be measured: what every command that does both does.
 */
final class ModelSteps {
  private static final int VERIFIED_PROMPTS = 6;

  private final PrintWriter out;
  private final DataOptions data;
  private final DeviceOptions device;

  ModelSteps(PrintWriter out, DataOptions data, DeviceOptions device) {
    this.out = out;
    this.data = data;
    this.device = device;
  }

  /**
   * Exports a checkpoint, unless that was done.
   *
   * @param overwrite whether to replace a model of that name that is something else
   */
  void export(String model, Path checkpoint, boolean overwrite) {
    new ExportStep(out)
        .export(ExportRequest.of(checkpoint, data.model(model)).withOverwrite(overwrite));
  }

  /** Verifies the models once after they were exported, and says each time what was found. */
  void verify(List<String> models, Progress progress) {
    List<String> unverified = models.stream().filter(model -> certificate(model) == null).toList();
    if (!unverified.isEmpty()) {
      try (Connection connection = Connection.open(null, data.folder(), device.settings())) {
        VerifyStep step = new VerifyStep(connection, data);
        unverified.forEach(model -> step.verify(model, verifiedPrompts(), progress));
      }
    }
    ParityReport report = new ParityReport(out);
    models.forEach(model -> report.printVerdict(model, certificate(model)));
  }

  /** The prompts models are verified with. */
  static List<String> verifiedPrompts() {
    return VerifyStep.spread(PromptSets.bundled("default"), VERIFIED_PROMPTS);
  }

  private ParityCertificate certificate(String model) {
    return ManifestJson.read(data.model(model)).certificate();
  }
}
