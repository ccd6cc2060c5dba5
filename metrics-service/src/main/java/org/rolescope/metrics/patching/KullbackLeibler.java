package org.rolescope.metrics.patching;

/**
 * Kullback-Leibler divergence of two next-token distributions, Σ p (ln p − ln q). METRICS §7.
 *
 * @see <a href="https://doi.org/10.1214/aoms/1177729694">Kullback and Leibler 1951</a>
 */
public final class KullbackLeibler {
  private KullbackLeibler() {}

  /**
   * KL(p ‖ q), in double from float32 logits. 0 for equal logits, and for logits that differ by a
   * constant but for rounding. A token that cannot come by p adds nothing; one that can come by p
   * but not by q makes it +∞.
   *
   * @param p logits of the run compared with, usually the un-intervened or the source one,
   *     [vocabulary]; −∞ is a token that cannot come
   * @param q logits of the other run, [vocabulary]
   * @return nats, 0 to +∞; NaN where a logit is NaN or +∞, or all logits of a run are −∞
   * @throws IllegalArgumentException where the two differ in length, or are empty
   */
  public static double nats(float[] p, float[] q) {
    if (p.length != q.length || p.length == 0) {
      throw new IllegalArgumentException(
          "%d and %d logits cannot be compared; give one for each token of one vocabulary"
              .formatted(p.length, q.length));
    }
    double[] logP = LogSoftmax.of(p);
    double[] logQ = LogSoftmax.of(q);
    double nats = 0;
    for (int token = 0; token < p.length; token++) {
      nats += term(logP[token], logQ[token]);
    }
    // Only rounding can take the sum below 0. NaN stays NaN.
    return Math.max(0, nats);
  }

  private static double term(double logP, double logQ) {
    if (logP == Double.NEGATIVE_INFINITY && !Double.isNaN(logQ)) {
      return 0;
    }
    // A probability by p too small for a double is no 0: 0 times infinity would be NaN.
    return logQ == Double.NEGATIVE_INFINITY && !Double.isNaN(logP)
        ? Double.POSITIVE_INFINITY
        : Math.exp(logP) * (logP - logQ);
  }
}
