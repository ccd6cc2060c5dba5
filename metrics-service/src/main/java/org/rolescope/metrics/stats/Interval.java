package org.rolescope.metrics.stats;

/**
 * A 95% confidence interval.
 *
 * @param low lower end; NaN where the interval is undefined
 * @param high upper end; NaN where the interval is undefined
 */
public record Interval(double low, double high) {
  /** The interval of an estimate whose spread cannot be known: both ends NaN. */
  public static final Interval UNDEFINED = new Interval(Double.NaN, Double.NaN);

  /** Whether the value lies outside; false where the interval is undefined. */
  public boolean excludes(double value) {
    return value < low || value > high;
  }
}
