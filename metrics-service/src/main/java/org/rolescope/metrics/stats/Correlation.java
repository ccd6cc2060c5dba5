package org.rolescope.metrics.stats;

import java.util.Arrays;
import org.apache.commons.statistics.distribution.BetaDistribution;
import org.apache.commons.statistics.distribution.TDistribution;
import org.apache.commons.statistics.ranking.NaturalRanking;
import org.apache.commons.statistics.ranking.TiesStrategy;

/**
 * How two samples of equal length go together.
 *
 * @param r the coefficient, −1 to 1; NaN where a sample is constant, holds a NaN, or there are
 *     fewer than {@value #MIN_COUNT} pairs
 * @param pValue its two-sided p-value where the two are independent; NaN where r is
 */
public record Correlation(double r, double pValue) {
  /** With two pairs every coefficient is −1 or 1, so there is nothing to test. */
  public static final int MIN_COUNT = 3;

  private static final Correlation UNDEFINED = new Correlation(Double.NaN, Double.NaN);

  private static final NaturalRanking RANKING = new NaturalRanking(TiesStrategy.AVERAGE);

  /**
   * Pearson's coefficient: r = Σ(x − x̄)(y − ȳ) / √(Σ(x − x̄)² · Σ(y − ȳ)²). The p-value is exact
   * for normal samples: (r + 1)/2 follows a beta distribution with both parameters n/2 − 1. As
   * {@code scipy.stats.pearsonr}.
   *
   * @param x the first sample
   * @param y the second sample, of the same length
   */
  public static Correlation pearson(double[] x, double[] y) {
    double r = coefficient(x, y);
    if (Double.isNaN(r)) {
      return UNDEFINED;
    }
    double shape = x.length / 2.0 - 1;
    double upperTail = BetaDistribution.of(shape, shape).survivalProbability((1 + Math.abs(r)) / 2);
    return new Correlation(r, Math.min(1, 2 * upperTail));
  }

  /**
   * Spearman's coefficient: Pearson's of the ranks, ties averaged. The p-value is that of t =
   * r·√((n − 2)/((1 + r)(1 − r))) by Student's distribution with n − 2 degrees of freedom. As
   * {@code scipy.stats.spearmanr}.
   *
   * @param x the first sample
   * @param y the second sample, of the same length
   */
  public static Correlation spearman(double[] x, double[] y) {
    if (x.length < MIN_COUNT || hasNaN(x) || hasNaN(y)) {
      return UNDEFINED;
    }
    double r = coefficient(ranks(x), ranks(y));
    if (Double.isNaN(r)) {
      return UNDEFINED;
    }
    int degreesOfFreedom = x.length - 2;
    double t = Math.abs(r) * Math.sqrt(degreesOfFreedom / ((1 + r) * (1 - r)));
    return new Correlation(r, 2 * TDistribution.of(degreesOfFreedom).survivalProbability(t));
  }

  private static double[] ranks(double[] values) {
    // The library ranks −0 below 0; a sum with 0 makes them one.
    return RANKING.apply(Arrays.stream(values).map(value -> value + 0.0).toArray());
  }

  private static double coefficient(double[] x, double[] y) {
    if (x.length != y.length) {
      throw new IllegalArgumentException(
          "samples of %d and %d values cannot be paired".formatted(x.length, y.length));
    }
    if (x.length < MIN_COUNT || hasNaN(x) || hasNaN(y) || isConstant(x) || isConstant(y)) {
      return Double.NaN;
    }
    double[] fromMeanX = scaledFromMean(x);
    double[] fromMeanY = scaledFromMean(y);
    double products = product(fromMeanX, fromMeanY);
    double squares = product(fromMeanX, fromMeanX) * product(fromMeanY, fromMeanY);
    // Rounding may take a perfect correlation past its bound.
    return Math.clamp(products / Math.sqrt(squares), -1, 1);
  }

  /** Differences from the mean over the largest of them, so that no square over- or underflows. */
  private static double[] scaledFromMean(double[] values) {
    double mean = Samples.mean(values);
    double[] fromMean = Arrays.stream(values).map(value -> value - mean).toArray();
    double largest = Arrays.stream(fromMean).map(Math::abs).max().orElse(1);
    return Arrays.stream(fromMean).map(value -> value / largest).toArray();
  }

  private static double product(double[] x, double[] y) {
    double sum = 0;
    for (int index = 0; index < x.length; index++) {
      sum += x[index] * y[index];
    }
    return sum;
  }

  private static boolean isConstant(double[] values) {
    return Arrays.stream(values).allMatch(value -> value == values[0]);
  }

  private static boolean hasNaN(double[] values) {
    return Arrays.stream(values).anyMatch(Double::isNaN);
  }
}
