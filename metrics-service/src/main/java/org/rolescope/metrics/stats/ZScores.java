package org.rolescope.metrics.stats;

import java.util.Arrays;

/**
 * How many standard deviations each value of a sample lies above its mean. As pandas computes it
 * from {@code (series - series.mean()) / series.std()}.
 */
public final class ZScores {
  private ZScores() {}

  /**
   * (value − mean) / standard deviation, with ddof 1.
   *
   * @param values the sample; a NaN is counted neither in the mean nor in the spread
   * @return one score for each value, in the same order; NaN for a NaN, and for every value where
   *     fewer than two can be counted or all are equal
   */
  public static double[] of(double[] values) {
    double[] counted = Arrays.stream(values).filter(value -> !Double.isNaN(value)).toArray();
    double mean = Samples.mean(counted);
    double deviation = Samples.standardDeviation(counted);
    boolean spread = Samples.max(counted) > Samples.min(counted);
    return Arrays.stream(values)
        .map(value -> spread ? (value - mean) / deviation : Double.NaN)
        .toArray();
  }
}
