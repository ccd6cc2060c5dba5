package org.rolescope.orchestrator.plan;

import static java.util.Objects.requireNonNull;

/**
 * How prompts become tokens.
 *
 * @param bos whether the begin token stands first
 * @param chatTemplate give each prompt the form of the model's own chat template
 */
public record PromptOptions(BosPolicy bos, boolean chatTemplate) {
  /** By the model's own tokenizer, without a chat template. */
  public static final PromptOptions DEFAULT = new PromptOptions(BosPolicy.AUTO, false);

  /** Checks that there is a policy. */
  public PromptOptions {
    requireNonNull(bos, "bos is null");
  }
}
