package org.rolescope.orchestrator.view;

/**
 * Mean over heads with its spread, by the reference estimator.
 *
 * @param mean mean
 * @param standardDeviation standard deviation, ddof 1; NaN for one value
 * @param low lower end of the Student t interval; NaN for one value
 * @param high its upper end
 * @param count number of values
 */
public record SampleMean(
    double mean, double standardDeviation, double low, double high, int count) {
  /** As the metrics service gives it. */
  static SampleMean of(org.rolescope.v1.SampleMean sample) {
    return new SampleMean(
        sample.getMean(),
        sample.getStandardDeviation(),
        sample.getConfidence().getLow(),
        sample.getConfidence().getHigh(),
        sample.getCount());
  }
}
