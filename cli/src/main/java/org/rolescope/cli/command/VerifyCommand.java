package org.rolescope.cli.command;

import java.util.List;
import java.util.concurrent.Callable;
import org.rolescope.cli.output.ParityReport;
import org.rolescope.cli.output.Progress;
import org.rolescope.cli.services.Connection;
import org.rolescope.fault.FaultCode;
import org.rolescope.fault.RolescopeException;
import org.rolescope.tensors.bundle.ParityCertificate;
import org.rolescope.tensors.bundle.ParityCertificate.Verdict;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code rolescope verify}. */
@Command(
    name = "verify",
    mixinStandardHelpOptions = true,
    header = "Check a model against its checkpoint.",
    description = {
      "Runs a few prompts through the model and through an independent forward",
      "pass over its checkpoint, in double precision, compares every layer, and",
      "writes the verdict into the model. Longer prompts show more: a sliding window",
      "or a rotary scaling is not tried by prompts that stay below it."
    },
    footer = {"", "Exit codes: 0 SUPPORTED, 1 DEGRADED, WRONG or failed, 2 bad input."})
public final class VerifyCommand implements Callable<Integer> {
  private static final int NOT_SUPPORTED = 1;

  @Spec private CommandSpec spec;

  @Parameters(
      paramLabel = "MODEL",
      description = "Name of the model, as `rolescope models` lists it.")
  private String model;

  @Option(
      names = "--prompts",
      paramLabel = "SET",
      defaultValue = "default",
      description =
          "Prompt set to take prompts from: default, published, or a JSON, YAML or CSV "
              + "file (default: ${DEFAULT-VALUE}).")
  private String prompts;

  @Option(
      names = "--prompt-count",
      paramLabel = "N",
      defaultValue = "6",
      description = "Prompts to compare, spread over categories (default: ${DEFAULT-VALUE}).")
  private int promptCount;

  @Mixin private DeviceOptions device;
  @Mixin private DataOptions data;

  /** Picocli creates commands. */
  public VerifyCommand() {}

  @Override
  public Integer call() {
    if (promptCount < 1) {
      throw new RolescopeException(
          FaultCode.INVALID_ARGUMENT,
          "--prompt-count is %d; give at least 1".formatted(promptCount));
    }
    List<String> texts = VerifyStep.spread(PlanOptions.chosenSet(prompts), promptCount);
    ParityCertificate certificate = verify(texts);
    ParityReport report = new ParityReport(spec.commandLine().getOut());
    report.printTable(certificate);
    report.printVerdict(model, certificate);
    return certificate.verdict() == Verdict.SUPPORTED ? 0 : NOT_SUPPORTED;
  }

  private ParityCertificate verify(List<String> texts) {
    try (Connection connection = Connection.open(null, data.folder(), device.settings());
        Progress progress = Progress.on(spec.commandLine().getErr(), "Verifying")) {
      return new VerifyStep(connection, data).verify(model, texts, progress);
    }
  }
}
