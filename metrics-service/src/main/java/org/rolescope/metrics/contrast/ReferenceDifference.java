package org.rolescope.metrics.contrast;

import org.rolescope.metrics.stats.Estimate;
import org.rolescope.metrics.stats.SampleMean;
import org.rolescope.metrics.stats.StudentT;

/** The published study's difference of two layer values. METRICS §3, "reference CI". */
public final class ReferenceDifference {
  private ReferenceDifference() {}

  /**
   * Instruct minus base, with the interval difference ± t · √(s_b²/n_b + s_i²/n_i), where t has
   * min(n_b, n_i) − 1 degrees of freedom. The interval is NaN where either model has one head.
   */
  public static Estimate of(SampleMean base, SampleMean instruct) {
    double difference = instruct.mean() - base.mean();
    double standardError = Math.sqrt(squaredError(base) + squaredError(instruct));
    int degreesOfFreedom = Math.min(base.count(), instruct.count()) - 1;
    return new Estimate(difference, StudentT.interval(difference, standardError, degreesOfFreedom));
  }

  private static double squaredError(SampleMean sample) {
    return sample.standardDeviation() * sample.standardDeviation() / sample.count();
  }
}
