package org.rolescope.inference.tokenizer;

import static java.util.Objects.requireNonNull;

/**
 * How a prompt becomes tokens.
 *
 * @param bos whether the begin token stands first
 * @param chatTemplate give each prompt the form of the model's own chat template; the tokenizer
 *     then adds no special tokens to those the template writes
 */
public record PromptOptions(BosPolicy bos, boolean chatTemplate) {
  /** By the model's own tokenizer, without a chat template. */
  public static final PromptOptions DEFAULT = new PromptOptions(BosPolicy.AUTO, false);

  /** Checks that there is a policy. */
  public PromptOptions {
    requireNonNull(bos, "bos is null");
  }
}
