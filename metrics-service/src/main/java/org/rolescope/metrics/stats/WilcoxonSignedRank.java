package org.rolescope.metrics.stats;

import java.util.Arrays;
import org.apache.commons.statistics.inference.AlternativeHypothesis;
import org.apache.commons.statistics.inference.ContinuityCorrection;
import org.apache.commons.statistics.inference.PValueMethod;
import org.apache.commons.statistics.inference.WilcoxonSignedRankTest;

/**
 * Wilcoxon's signed-rank test of paired differences against a distribution that is symmetric about
 * 0, as {@code scipy.stats.wilcoxon} computes it by default: differences of 0 are left out
 * (zero_method {@code wilcox}); exact for up to {@value #MOST_EXACT} differences without zeros and
 * ties; otherwise by the normal approximation with its correction for ties and none for continuity.
 *
 * <p>SciPy 1.14 keeps the exact distribution for ties too, although it holds for whole ranks only;
 * there this is SciPy's method {@code approx}.
 *
 * @see <a href="https://doi.org/10.2307/3001968">Wilcoxon 1945</a>
 */
public final class WilcoxonSignedRank {
  /** With more differences the normal approximation is used. */
  static final int MOST_EXACT = 50;

  private static final WilcoxonSignedRankTest TEST =
      WilcoxonSignedRankTest.withDefaults()
          .with(AlternativeHypothesis.TWO_SIDED)
          .with(ContinuityCorrection.DISABLED);

  private WilcoxonSignedRank() {}

  /**
   * The two-sided p-value.
   *
   * @param differences one for each pair
   * @return the p-value; NaN where every difference is 0, there is none, or one is NaN
   */
  public static double pValue(double[] differences) {
    double[] unequal = Arrays.stream(differences).filter(difference -> difference != 0).toArray();
    if (unequal.length == 0 || Arrays.stream(unequal).anyMatch(Double::isNaN)) {
      return Double.NaN;
    }
    boolean whole = unequal.length == differences.length && unequal.length <= MOST_EXACT;
    // Where there are ties, the library approximates whatever it was asked for.
    return TEST.with(whole ? PValueMethod.EXACT : PValueMethod.ASYMPTOTIC)
        .test(unequal)
        .getPValue();
  }
}
