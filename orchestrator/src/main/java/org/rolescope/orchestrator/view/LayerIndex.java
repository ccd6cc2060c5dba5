package org.rolescope.orchestrator.view;

/**
 * One index, RFC or RSI, of a layer of one model.
 *
 * @param reference mean over heads
 * @param promptIndex from entropies averaged over heads
 * @param ratioOfSums the default estimator
 * @param headMedian median over heads
 */
public record LayerIndex(
    SampleMean reference, Estimate promptIndex, Estimate ratioOfSums, double headMedian) {
  /** As the metrics service gives it. */
  static LayerIndex of(org.rolescope.v1.LayerIndex index) {
    return new LayerIndex(
        SampleMean.of(index.getReference()),
        Estimate.of(index.getReferencePromptIndex()),
        Estimate.of(index.getRatioOfSums()),
        index.getHeadMedian());
  }
}
