package org.rolescope.metrics.patching;

/**
 * By how much a model prefers one answer to another: logit of the first answer minus logit of the
 * second, which is the logarithm of the ratio of their probabilities. METRICS §7.
 *
 * @param first token id of the answer counted positive
 * @param second token id of the other answer
 */
public record LogitDifference(int first, int second) {
  /** Checks that there are two answers. */
  public LogitDifference {
    if (first < 0 || second < 0 || first == second) {
      throw new IllegalArgumentException(
          "Tokens %d and %d are no two answers; name two different token ids from 0 on"
              .formatted(first, second));
    }
  }

  /**
   * The difference, nats.
   *
   * @param logits [vocabulary]; NaN where one of the two is NaN, or both are the same infinity
   * @throws IllegalArgumentException where a token lies outside the vocabulary
   */
  public double nats(float[] logits) {
    if (Math.max(first, second) >= logits.length) {
      throw new IllegalArgumentException(
          "Answer token %d lies outside the vocabulary of %d tokens; name one from 0 to %d"
              .formatted(Math.max(first, second), logits.length, logits.length - 1));
    }
    return (double) logits[first] - logits[second];
  }
}
