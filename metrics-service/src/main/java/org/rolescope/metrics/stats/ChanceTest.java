package org.rolescope.metrics.stats;

import java.util.PrimitiveIterator;
import java.util.stream.DoubleStream;

/** How often chance alone gives a statistic as large as the one observed; two-sided. */
public final class ChanceTest {
  /**
   * Statistics this close count as equal, relative to the larger of 1 and the observed one: the
   * same values summed in another order differ by rounding, and a tie must count.
   */
  private static final double TIE = 1e-12;

  private ChanceTest() {}

  /**
   * p = (1 + number with |T*| ≥ |T|) / (1 + number). The one added is the statistic observed, so p
   * is never 0. A T* that is NaN counts as extreme, which can only make p larger.
   *
   * @param observed T; NaN gives NaN and leaves {@code byChance} unread
   * @param byChance T*, each drawn where there is nothing but chance; none gives 1
   */
  public static double pValue(double observed, DoubleStream byChance) {
    double size = Math.abs(observed);
    if (Double.isNaN(size)) {
      return Double.NaN;
    }
    double threshold = Double.isInfinite(size) ? size : size - TIE * Math.max(1, size);
    long count = 1;
    long extreme = 1;
    for (PrimitiveIterator.OfDouble drawn = byChance.iterator(); drawn.hasNext(); ) {
      count++;
      if (!(Math.abs(drawn.nextDouble()) < threshold)) {
        extreme++;
      }
    }
    return (double) extreme / count;
  }
}
