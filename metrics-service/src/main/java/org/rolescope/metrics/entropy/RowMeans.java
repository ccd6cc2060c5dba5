package org.rolescope.metrics.entropy;

import java.util.Arrays;

/** Means of one kind over the query positions of rows side by side, in double. */
final class RowMeans {
  private final double[] sums;
  private final int[] counts;

  /**
   * Creates means of nothing.
   *
   * @param rows number of rows side by side
   */
  RowMeans(int rows) {
    sums = new double[rows];
    counts = new int[rows];
  }

  /** Begins again. */
  void clear() {
    Arrays.fill(sums, 0);
    Arrays.fill(counts, 0);
  }

  /** Takes the value of a query position; NaN leaves it out. */
  void add(int row, double value) {
    if (!Double.isNaN(value)) {
      sums[row] += value;
      counts[row]++;
    }
  }

  /** The mean of a row; NaN where every position is left out. */
  double mean(int row) {
    return counts[row] == 0 ? Double.NaN : sums[row] / counts[row];
  }
}
