package org.rolescope.metrics.patching;

/** Logarithms of the probabilities that logits stand for, in double. */
final class LogSoftmax {
  private LogSoftmax() {}

  /**
   * x_i − max − ln Σ_j exp(x_j − max): no logit, however large, overflows.
   *
   * @param logits [vocabulary]; −∞ is a token that cannot come
   * @return natural logarithms, [vocabulary]; NaN throughout where a logit is NaN or +∞, or all are
   *     −∞: then there is no distribution
   */
  static double[] of(float[] logits) {
    double max = Double.NEGATIVE_INFINITY;
    for (float logit : logits) {
      max = Math.max(max, logit);
    }
    double sum = 0;
    for (float logit : logits) {
      sum += Math.exp(logit - max);
    }
    // Infinite max makes ∞ − ∞ = NaN of at least one term, and so of the sum and every result.
    double logarithm = Math.log(sum);
    double[] logProbabilities = new double[logits.length];
    for (int token = 0; token < logits.length; token++) {
      logProbabilities[token] = logits[token] - max - logarithm;
    }
    return logProbabilities;
  }
}
