package org.rolescope.orchestrator.view;

import java.util.Arrays;
import org.apache.commons.statistics.descriptive.Mean;
import org.apache.commons.statistics.descriptive.Variance;
import org.apache.commons.statistics.distribution.TDistribution;

/** Means of samples with their 95% intervals. Values that are NaN are left out. */
final class Samples {
  /** Half of what a 95% interval leaves out. */
  private static final double TAIL = 0.025;

  private final double[] values;

  private Samples(double[] values) {
    this.values = values;
  }

  static Samples of(double[] values) {
    double[] kept = new double[values.length];
    int count = 0;
    for (double value : values) {
      if (!Double.isNaN(value)) {
        kept[count++] = value;
      }
    }
    return new Samples(Arrays.copyOf(kept, count));
  }

  int count() {
    return values.length;
  }

  /** NaN where there are no values. */
  double mean() {
    return Mean.of(values).getAsDouble();
  }

  /**
   * Mean with Student's interval: mean ± t(n − 1) · s / √n, s with ddof 1. The interval is NaN for
   * fewer than two values.
   */
  Estimate estimate() {
    return around(mean(), Math.sqrt(meanVariance()), values.length - 1.0);
  }

  /**
   * Mean of these minus mean of others with Welch's interval: the standard error is √(a + b) with a
   * = s²/n of each, the degrees of freedom (a + b)² / (a²/(n₁ − 1) + b²/(n₂ − 1)). The interval is
   * NaN where either has fewer than two values or neither varies.
   */
  Estimate minus(Samples others) {
    double own = meanVariance();
    double other = others.meanVariance();
    double sum = own + other;
    double freedom =
        sum * sum / (own * own / (values.length - 1.0) + other * other / (others.count() - 1.0));
    return around(mean() - others.mean(), Math.sqrt(sum), freedom);
  }

  /** Variance of the mean; NaN for fewer than two values. */
  private double meanVariance() {
    return values.length < 2 ? Double.NaN : Variance.of(values).getAsDouble() / values.length;
  }

  private static Estimate around(double value, double standardError, double freedom) {
    if (Double.isNaN(standardError) || !(freedom > 0)) {
      return new Estimate(value, Double.NaN, Double.NaN);
    }
    double margin = TDistribution.of(freedom).inverseSurvivalProbability(TAIL) * standardError;
    return new Estimate(value, value - margin, value + margin);
  }
}
