package org.rolescope.metrics.stats;

import static java.util.Objects.requireNonNull;

/**
 * A mean with its spread.
 *
 * @param mean arithmetic mean
 * @param standardDeviation standard deviation, ddof 1; NaN for fewer than two values
 * @param confidence Student t interval around the mean; NaN for fewer than two values
 * @param count number of values
 */
public record SampleMean(double mean, double standardDeviation, Interval confidence, int count) {
  /** Checks that there is an interval. */
  public SampleMean {
    requireNonNull(confidence, "confidence is null");
  }

  /**
   * Mean, standard deviation with ddof 1, and the interval mean ± t(count − 1) · standard deviation
   * / √count.
   *
   * @param values the sample; a NaN makes everything NaN, an empty sample too
   */
  public static SampleMean of(double[] values) {
    double mean = Samples.mean(values);
    return new SampleMean(
        mean,
        Samples.standardDeviation(values),
        StudentT.interval(mean, Samples.standardErrorOfMean(values), values.length - 1),
        values.length);
  }
}
