package org.rolescope.metrics.stats;

import org.apache.commons.numbers.gamma.GammaRatio;

/**
 * Standardised difference of two samples. METRICS §6.
 *
 * @param cohensD difference of the means over the root mean square of the two standard deviations
 *     (ddof 0); NaN where both are 0 or a sample is empty
 * @param hedgesG difference of the means over the pooled standard deviation (ddof 1), corrected for
 *     small samples; NaN where that is 0 or a sample holds fewer than two values
 */
public record EffectSize(double cohensD, double hedgesG) {
  /**
   * The effect sizes of one sample against another; positive where the first is larger.
   *
   * <p>d = (m_1 − m_2) / √((s_1² + s_2²) / 2). g = J(n_1 + n_2 − 2) · (m_1 − m_2) / s, where s is
   * the pooled standard deviation and J(ν) = Γ(ν/2) / (√(ν/2) · Γ((ν − 1)/2)) makes g unbiased for
   * normal samples; J is exact, not the usual 1 − 3/(4ν − 1).
   *
   * @param first a sample; a NaN makes both sizes NaN
   * @param second likewise
   * @see <a href="https://doi.org/10.3102/10769986006002107">Hedges 1981</a>
   */
  public static EffectSize of(double[] first, double[] second) {
    double difference = Samples.mean(first) - Samples.mean(second);
    return new EffectSize(
        over(difference, rootMeanSquare(first, second)),
        correction(first.length + second.length - 2) * over(difference, pooled(first, second)));
  }

  /** J(ν); NaN below two degrees of freedom, where it does not exist. */
  static double correction(int degreesOfFreedom) {
    if (degreesOfFreedom < 2) {
      return Double.NaN;
    }
    double half = 0.5 * degreesOfFreedom;
    return GammaRatio.value(half, half - 0.5) / Math.sqrt(half);
  }

  private static double over(double difference, double spread) {
    return spread > 0 ? difference / spread : Double.NaN;
  }

  private static double rootMeanSquare(double[] first, double[] second) {
    return Math.sqrt(
        (squared(Samples.populationStandardDeviation(first))
                + squared(Samples.populationStandardDeviation(second)))
            / 2);
  }

  private static double pooled(double[] first, double[] second) {
    double squares =
        (first.length - 1) * squared(Samples.standardDeviation(first))
            + (second.length - 1) * squared(Samples.standardDeviation(second));
    return Math.sqrt(squares / (first.length + second.length - 2));
  }

  private static double squared(double value) {
    return value * value;
  }
}
