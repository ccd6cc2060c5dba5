package org.rolescope.metrics.contrast;

import java.util.function.ToDoubleFunction;
import java.util.stream.StreamSupport;
import org.rolescope.metrics.role.RolePrompts;
import org.rolescope.metrics.stats.ChanceTest;

/** Two-sided permutation test of a statistic that is 0 where labels do not matter. METRICS §3. */
public final class PermutationTest {
  private PermutationTest() {}

  /**
   * p = (1 + number of relabellings with |T*| ≥ |T|) / (1 + number of relabellings), ties and NaN
   * as {@link ChanceTest} has them.
   *
   * @param statistic T, a number for labelled prompts; NaN for the observed ones gives NaN
   * @param observed the prompts as labelled
   * @param relabelled the prompts with labels permuted
   */
  public static double pValue(
      ToDoubleFunction<RolePrompts> statistic,
      RolePrompts observed,
      Iterable<RolePrompts> relabelled) {
    return ChanceTest.pValue(
        statistic.applyAsDouble(observed),
        StreamSupport.stream(relabelled.spliterator(), false).mapToDouble(statistic));
  }
}
