package org.rolescope.metrics.stats;

import static java.util.Objects.requireNonNull;

/**
 * A value with its 95% confidence interval.
 *
 * @param value the value; NaN where it is undefined
 * @param confidence its interval
 */
public record Estimate(double value, Interval confidence) {
  /** Checks that there is an interval. */
  public Estimate {
    requireNonNull(confidence, "confidence is null");
  }
}
