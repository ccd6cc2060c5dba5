package org.rolescope.cli.command;

import java.util.List;
import org.rolescope.fault.FaultCode;
import org.rolescope.fault.RolescopeException;
import org.rolescope.orchestrator.client.PromptOptionsMessage;
import org.rolescope.orchestrator.plan.PromptOptions;
import org.rolescope.v1.GenerateRequest;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** How prompts are continued. */
final class GenerationOptions {
  @Option(
      names = "--max-tokens",
      paramLabel = "N",
      defaultValue = "64",
      description = "Most tokens of an answer (default: ${DEFAULT-VALUE}).")
  private int maxTokens;

  @Option(
      names = "--temperature",
      paramLabel = "T",
      defaultValue = "0",
      description =
          "0: always the likeliest token. Else what logits are divided by before a token "
              + "is drawn (default: ${DEFAULT-VALUE}).")
  private double temperature;

  @Option(
      names = "--top-p",
      paramLabel = "P",
      defaultValue = "0",
      description =
          "With a temperature, draw among the likeliest tokens that together have this "
              + "probability; 0: among all (default: ${DEFAULT-VALUE}).")
  private double topP;

  @Option(
      names = "--seed",
      paramLabel = "N",
      defaultValue = "0",
      description = "Seed of the draws (default: ${DEFAULT-VALUE}).")
  private long seed;

  @Option(
      names = "--stop",
      paramLabel = "TEXT",
      description = "Text that ends an answer, before it; may be given several times.")
  private List<String> stop = List.of();

  @Mixin private AblationOptions ablations;

  /**
   * A request, but for its model and prompt.
   *
   * @param prompts how the prompt becomes tokens
   * @throws RolescopeException INVALID_ARGUMENT where an option cannot be
   */
  GenerateRequest.Builder request(PromptOptions prompts) {
    if (maxTokens < 1) {
      throw new RolescopeException(
          FaultCode.INVALID_ARGUMENT, "--max-tokens is %d; give at least 1".formatted(maxTokens));
    }
    return GenerateRequest.newBuilder()
        .setPromptOptions(PromptOptionsMessage.of(prompts))
        .setMaxTokens(maxTokens)
        .setTemperature(temperature)
        .setTopP(topP)
        .setSeed(seed)
        .addAllStop(stop)
        .addAllInterventions(ablations.interventions());
  }

  /** What is taken out of the model, in words; empty where nothing is. */
  List<String> ablations() {
    return ablations.names();
  }
}
