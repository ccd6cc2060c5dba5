package org.rolescope.orchestrator.view;

/**
 * One index of a layer, instruct minus base.
 *
 * @param reference by the reference estimator
 * @param referenceSignificant whether that interval excludes 0
 * @param ratioOfSums by the default estimator
 * @param pValue its permutation p-value
 * @param qValue the same after Benjamini-Hochberg over layers
 * @param significant whether the q-value lies below the level of the run
 */
public record IndexDifference(
    Estimate reference,
    boolean referenceSignificant,
    Estimate ratioOfSums,
    double pValue,
    double qValue,
    boolean significant) {
  /** As the metrics service gives it. */
  static IndexDifference of(org.rolescope.v1.IndexDifference difference) {
    return new IndexDifference(
        Estimate.of(difference.getReference()),
        difference.getReferenceSignificant(),
        Estimate.of(difference.getRatioOfSums()),
        difference.getPValue(),
        difference.getQValue(),
        difference.getSignificant());
  }
}
