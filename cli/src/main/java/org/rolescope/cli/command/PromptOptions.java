package org.rolescope.cli.command;

import org.rolescope.orchestrator.plan.BosPolicy;
import picocli.CommandLine.Option;

/** How prompts become tokens. */
final class PromptOptions {
  @Option(
      names = "--bos",
      paramLabel = "POLICY",
      defaultValue = "auto",
      description =
          "Whether the begin token (BOS) stands first: auto (as the model's tokenizer has "
              + "it), always or never (default: ${DEFAULT-VALUE}).")
  private String bos;

  @Option(
      names = "--chat-template",
      description =
          "Give each prompt the form of the model's own chat template, as a message of "
              + "the user, followed by the words that open an answer.")
  private boolean chatTemplate;

  /** What these options say. */
  org.rolescope.orchestrator.plan.PromptOptions options() {
    return new org.rolescope.orchestrator.plan.PromptOptions(BosPolicy.of(bos), chatTemplate);
  }
}
