package org.rolescope.metrics.stats;

import java.util.Arrays;
import org.apache.commons.statistics.descriptive.Mean;
import org.apache.commons.statistics.descriptive.Median;
import org.apache.commons.statistics.descriptive.Quantile;
import org.apache.commons.statistics.descriptive.Quantile.EstimationMethod;
import org.apache.commons.statistics.descriptive.StandardDeviation;

/**
 * Summaries of a sample. Each returns NaN for an empty sample and for one that holds a NaN, so that
 * an undefined value is never averaged away. No argument is changed.
 */
public final class Samples {
  /** NumPy's default, {@code linear}, is Hyndman and Fan's estimate 7. */
  private static final Quantile LINEAR =
      Quantile.withDefaults().withCopy(true).with(EstimationMethod.HF7);

  private static final Median MEDIAN = Median.withDefaults().withCopy(true);

  private Samples() {}

  /** Arithmetic mean. */
  public static double mean(double[] values) {
    return Mean.of(values).getAsDouble();
  }

  /** Middle value; for an even count the mean of the two in the middle. */
  public static double median(double[] values) {
    return hasNaN(values) ? Double.NaN : MEDIAN.evaluate(values);
  }

  /** Standard deviation with ddof 1; NaN for fewer than two values. */
  public static double standardDeviation(double[] values) {
    return values.length < 2 ? Double.NaN : StandardDeviation.of(values).getAsDouble();
  }

  /** Standard deviation with ddof 0: 0 for one value. */
  public static double populationStandardDeviation(double[] values) {
    return StandardDeviation.of(values).setBiased(true).getAsDouble();
  }

  /** Standard deviation with ddof 1 over √count; NaN for fewer than two values. */
  public static double standardErrorOfMean(double[] values) {
    return standardDeviation(values) / Math.sqrt(values.length);
  }

  /** Smallest value. */
  public static double min(double[] values) {
    return Arrays.stream(values).min().orElse(Double.NaN);
  }

  /** Largest value. */
  public static double max(double[] values) {
    return Arrays.stream(values).max().orElse(Double.NaN);
  }

  /**
   * What lies between the tails, linearly interpolated.
   *
   * @param values the sample
   * @param tail share below the lower end, and above the upper one: 0 to 0.5; NaN gives an
   *     undefined interval
   */
  public static Interval central(double[] values, double tail) {
    if (values.length == 0 || Double.isNaN(tail) || hasNaN(values)) {
      return Interval.UNDEFINED;
    }
    double[] ends = LINEAR.evaluate(values, new double[] {tail, 1 - tail});
    return new Interval(ends[0], ends[1]);
  }

  /**
   * A percentile, linearly interpolated between neighbours: NumPy's default, Hyndman and Fan's
   * estimate 7.
   *
   * @param percent from 0 to 100
   */
  public static double percentile(double[] values, double percent) {
    return values.length == 0 || hasNaN(values)
        ? Double.NaN
        : LINEAR.evaluate(values, percent / 100);
  }

  /** From the 25th to the 75th percentile: the distance between the two. */
  public static double interquartileRange(double[] values) {
    return percentile(values, 75) - percentile(values, 25);
  }

  private static boolean hasNaN(double[] values) {
    return Arrays.stream(values).anyMatch(Double::isNaN);
  }
}
