package org.rolescope.metrics.patching;

import static java.util.Objects.requireNonNull;

import java.util.List;
import org.rolescope.metrics.stats.Estimate;

/**
 * What patching heads in one direction does.
 *
 * @param recovery recovery over prompts with its 95% interval, see {@link PatchingEndpoints}; NaN
 *     where no prompt has one
 * @param byPrompt recovery of each prompt, [prompt]; NaN where undefined
 * @param nullCount number of random sets of as many heads it was compared with
 * @param pValue share of random sets with a recovery at least as large in size, itself counted
 *     among them; NaN where there are none, or recovery is NaN
 * @param qValue Benjamini-Hochberg over the candidates of this direction; NaN where p is
 */
public record DirectionScore(
    Estimate recovery, List<Double> byPrompt, int nullCount, double pValue, double qValue) {
  /** Copies the recoveries. */
  public DirectionScore {
    requireNonNull(recovery, "recovery is null");
    byPrompt = List.copyOf(byPrompt);
  }

  /** Number of prompts that have a recovery. */
  public int definedCount() {
    return (int) byPrompt.stream().filter(value -> !value.isNaN()).count();
  }
}
