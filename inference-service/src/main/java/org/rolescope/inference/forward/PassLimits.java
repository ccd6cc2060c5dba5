package org.rolescope.inference.forward;

/**
 * Limits on a forward pass.
 *
 * @param maxPrompts most prompts in a batch; at least 1
 * @param maxTensorBytes largest tensor of a batch, bytes
 */
public record PassLimits(int maxPrompts, long maxTensorBytes) {
  /** Checks that both are positive. */
  public PassLimits {
    if (maxPrompts < 1 || maxTensorBytes < 1) {
      throw new IllegalArgumentException(
          "limits of %d prompts and %d bytes allow nothing".formatted(maxPrompts, maxTensorBytes));
    }
  }
}
