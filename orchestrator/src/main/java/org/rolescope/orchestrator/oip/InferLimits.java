package org.rolescope.orchestrator.oip;

/**
 * What one request may ask for: its answer is one message, which this service holds in memory.
 *
 * @param maxPrompts most prompts
 * @param maxAnswerBytes most bytes of all tensors of the answer
 */
public record InferLimits(int maxPrompts, int maxAnswerBytes) {
  /** Checks that something may be asked for. */
  public InferLimits {
    if (maxPrompts < 1 || maxAnswerBytes < 1) {
      throw new IllegalArgumentException(
          "at least one prompt and one byte are needed, not %d and %d"
              .formatted(maxPrompts, maxAnswerBytes));
    }
  }
}
