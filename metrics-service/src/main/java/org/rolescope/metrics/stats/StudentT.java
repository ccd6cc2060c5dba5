package org.rolescope.metrics.stats;

import org.apache.commons.statistics.distribution.TDistribution;

/** Confidence intervals by Student's t distribution. */
public final class StudentT {
  private static final double UPPER_TAIL_OF_95_PERCENT = 0.975;

  private StudentT() {}

  /**
   * The number of standard errors on either side of a mean that a 95% interval spans.
   *
   * @param degreesOfFreedom NaN is returned where it lies below 1
   */
  public static double criticalValue(int degreesOfFreedom) {
    if (degreesOfFreedom < 1) {
      return Double.NaN;
    }
    return TDistribution.of(degreesOfFreedom)
        .inverseCumulativeProbability(UPPER_TAIL_OF_95_PERCENT);
  }

  /**
   * The 95% interval center ± t · standardError.
   *
   * @param center the estimate; NaN gives an undefined interval
   * @param standardError its standard error; NaN gives an undefined interval
   * @param degreesOfFreedom below 1 gives an undefined interval
   */
  public static Interval interval(double center, double standardError, int degreesOfFreedom) {
    double reach = criticalValue(degreesOfFreedom) * standardError;
    return new Interval(center - reach, center + reach);
  }
}
