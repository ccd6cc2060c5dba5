package org.rolescope.orchestrator.view;

/**
 * A value with its 95% interval.
 *
 * @param value the value; NaN where it is undefined
 * @param low lower end
 * @param high upper end
 */
public record Estimate(double value, double low, double high) {
  /** As the metrics service gives it. */
  static Estimate of(org.rolescope.v1.Estimate estimate) {
    return new Estimate(
        estimate.getValue(), estimate.getConfidence().getLow(), estimate.getConfidence().getHigh());
  }
}
