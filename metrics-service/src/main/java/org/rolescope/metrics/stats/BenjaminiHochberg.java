package org.rolescope.metrics.stats;

import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;

/**
 * Step-up control of the false discovery rate. The libraries in use offer none.
 *
 * @see <a href="https://doi.org/10.1111/j.2517-6161.1995.tb02031.x">Benjamini and Hochberg 1995</a>
 */
public final class BenjaminiHochberg {
  private BenjaminiHochberg() {}

  /**
   * The adjusted p-values: q of the k-th smallest of m p-values is the least of p(j) · m / j over
   * all j ≥ k, at most 1.
   *
   * @param pValues p-values in any order; NaN stays NaN and is not counted among the m
   * @return one q-value for each p-value, in the same order
   */
  public static double[] qValues(double[] pValues) {
    int[] ascending =
        IntStream.range(0, pValues.length)
            .filter(test -> !Double.isNaN(pValues[test]))
            .boxed()
            .sorted(Comparator.comparingDouble(test -> pValues[test]))
            .mapToInt(Integer::intValue)
            .toArray();
    double[] qValues = new double[pValues.length];
    Arrays.fill(qValues, Double.NaN);
    double least = 1;
    for (int rank = ascending.length; rank >= 1; rank--) {
      int test = ascending[rank - 1];
      least = Math.min(least, pValues[test] * ascending.length / rank);
      qValues[test] = least;
    }
    return qValues;
  }
}
