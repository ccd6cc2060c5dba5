package org.rolescope.metrics.contrast;

import static java.util.Objects.requireNonNull;

import org.rolescope.metrics.stats.Estimate;

/**
 * Difference of one index in one layer, instruct minus base, by every estimator. METRICS §3.
 *
 * @param reference difference of the reference layer values with its Student t interval, see {@link
 *     ReferenceDifference}
 * @param ratioOfSums difference of the default layer values with its paired bootstrap interval
 * @param headMedian difference of the medians over heads
 * @param pValue two-sided permutation p-value of the default difference over its standard error,
 *     see {@link StudentisedDifference}; NaN where the difference is undefined
 * @param qValue Benjamini-Hochberg q-value over the layers compared; NaN where the p-value is
 * @param significant the q-value lies below the level of significance
 */
public record IndexDifference(
    Estimate reference,
    Estimate ratioOfSums,
    double headMedian,
    double pValue,
    double qValue,
    boolean significant) {
  /** Checks that nothing is missing. */
  public IndexDifference {
    requireNonNull(reference, "reference is null");
    requireNonNull(ratioOfSums, "ratioOfSums is null");
  }

  /** Whether the reference interval excludes 0; false where it is undefined. */
  public boolean referenceSignificant() {
    return reference.confidence().excludes(0);
  }

  /** The same difference judged by its q-value. */
  IndexDifference withQValue(double judgedQValue, double significanceLevel) {
    return new IndexDifference(
        reference, ratioOfSums, headMedian, pValue, judgedQValue, judgedQValue < significanceLevel);
  }
}
