package org.rolescope.metrics.contrast;

import java.util.function.ToDoubleFunction;
import org.rolescope.metrics.role.RolePrompts;

/** Two-sided permutation test of a statistic that is 0 where labels do not matter. METRICS §3. */
public final class PermutationTest {
  /**
   * Statistics this close count as equal, relative to the larger of 1 and the observed one: the
   * same prompts summed in another order differ by rounding, and a tie must count.
   */
  private static final double TIE = 1e-12;

  private PermutationTest() {}

  /**
   * p = (1 + number of relabellings with |T*| ≥ |T|) / (1 + number of relabellings). The one added
   * is the labelling observed, so p is never 0. A T* that is NaN counts as extreme, which can only
   * make p larger.
   *
   * @param statistic T, a number for labelled prompts; NaN for the observed ones gives NaN
   * @param observed the prompts as labelled
   * @param relabelled the prompts with labels permuted
   */
  public static double pValue(
      ToDoubleFunction<RolePrompts> statistic,
      RolePrompts observed,
      Iterable<RolePrompts> relabelled) {
    double size = Math.abs(statistic.applyAsDouble(observed));
    if (Double.isNaN(size)) {
      return Double.NaN;
    }
    double threshold = Double.isInfinite(size) ? size : size - TIE * Math.max(1, size);
    long permutations = 1;
    long extreme = 1;
    for (RolePrompts prompts : relabelled) {
      permutations++;
      if (!(Math.abs(statistic.applyAsDouble(prompts)) < threshold)) {
        extreme++;
      }
    }
    return (double) extreme / permutations;
  }
}
