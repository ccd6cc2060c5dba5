package org.rolescope.inference.forward;

/**
 * Limits on a forward pass.
 *
 * @param maxPrompts most prompts in a batch; at least 1
 * @param maxTokens most tokens in a batch, all prompts together; a longer prompt has a batch of its
 *     own
 * @param maxTensorBytes largest tensor of a batch, bytes
 */
public record PassLimits(int maxPrompts, int maxTokens, long maxTensorBytes) {
  /** Checks that all are positive. */
  public PassLimits {
    if (maxPrompts < 1 || maxTokens < 1 || maxTensorBytes < 1) {
      throw new IllegalArgumentException(
          "limits of %d prompts, %d tokens and %d bytes allow nothing"
              .formatted(maxPrompts, maxTokens, maxTensorBytes));
    }
  }

  /** Limits without one on tokens. */
  public PassLimits(int maxPrompts, long maxTensorBytes) {
    this(maxPrompts, Integer.MAX_VALUE, maxTensorBytes);
  }

  /** The same with at most this many prompts in a batch. */
  public PassLimits withMaxPrompts(int most) {
    return new PassLimits(Math.min(maxPrompts, most), maxTokens, maxTensorBytes);
  }
}
