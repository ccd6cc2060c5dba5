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
 * @param chance how that compares with random sets of as many heads
 */
public record DirectionScore(Estimate recovery, List<Double> byPrompt, NullComparison chance) {
  /** Copies the recoveries. */
  public DirectionScore {
    requireNonNull(recovery, "recovery is null");
    byPrompt = List.copyOf(byPrompt);
    requireNonNull(chance, "chance is null");
  }

  /** Number of prompts that have a recovery. */
  public int definedCount() {
    return (int) byPrompt.stream().filter(value -> !value.isNaN()).count();
  }
}
