package org.rolescope.metrics.stats;

import java.util.Arrays;
import org.apache.commons.statistics.inference.AlternativeHypothesis;
import org.apache.commons.statistics.inference.MannWhitneyUTest;
import org.apache.commons.statistics.inference.PValueMethod;

/** Whether values of one sample tend to be larger than those of another. */
public final class MannWhitney {
  private static final MannWhitneyUTest TWO_SIDED =
      MannWhitneyUTest.withDefaults()
          .with(AlternativeHypothesis.TWO_SIDED)
          .with(PValueMethod.ASYMPTOTIC);

  private MannWhitney() {}

  /**
   * Two-sided p-value of the Mann-Whitney U test by the normal approximation, corrected for ties
   * and for continuity: {@code scipy.stats.mannwhitneyu(first, second, method="asymptotic")}. The
   * exact distribution does not know ties, of which lengths of prompts are full. 1 where all values
   * are equal.
   *
   * @param first a sample without NaN; empty gives NaN
   * @param second likewise
   */
  public static double pValue(double[] first, double[] second) {
    if (first.length == 0 || second.length == 0) {
      return Double.NaN;
    }
    if (allEqual(first[0], first) && allEqual(first[0], second)) {
      return 1;
    }
    return TWO_SIDED.test(first, second).getPValue();
  }

  private static boolean allEqual(double value, double[] values) {
    return Arrays.stream(values).allMatch(other -> other == value);
  }
}
