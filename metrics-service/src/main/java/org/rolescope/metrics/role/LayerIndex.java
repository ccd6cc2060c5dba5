package org.rolescope.metrics.role;

import static java.util.Objects.requireNonNull;

import org.rolescope.metrics.stats.Estimate;
import org.rolescope.metrics.stats.SampleMean;

/**
 * One index of one layer by every estimator. METRICS §2.
 *
 * @param reference reference layer value: mean over heads of the per-head value from reference
 *     entropy, standard deviation and interval over heads; with one head these two are NaN
 * @param referencePromptIndex reference layer index, see {@link PromptIndex}
 * @param ratioOfSums default layer value, see {@link LayerTotals}, with its bootstrap interval over
 *     prompts
 * @param headMedian median over heads of the per-head value from the entropy of the default
 *     estimator; heads without neutral entropy are left out, and NaN where that is all
 */
public record LayerIndex(
    SampleMean reference, Estimate referencePromptIndex, Estimate ratioOfSums, double headMedian) {
  /** Checks that nothing is missing. */
  public LayerIndex {
    requireNonNull(reference, "reference is null");
    requireNonNull(referencePromptIndex, "referencePromptIndex is null");
    requireNonNull(ratioOfSums, "ratioOfSums is null");
  }
}
