package org.rolescope.orchestrator.execute;

import static java.util.Objects.requireNonNull;

import org.rolescope.orchestrator.client.InferenceClient;
import org.rolescope.orchestrator.client.MetricsClient;

/**
 * Who measures, and how much of it fits into memory here.
 *
 * @param inference the inference service
 * @param metrics the metrics service
 * @param maxLayerBytes most bytes the attention patterns of one layer may take in memory
 */
public record MeasuringServices(
    InferenceClient inference, MetricsClient metrics, long maxLayerBytes) {
  /** Checks that everything is there. */
  public MeasuringServices {
    requireNonNull(inference, "inference is null");
    requireNonNull(metrics, "metrics is null");
  }

  /** Leaves half of this JVM's memory for everything else. */
  public MeasuringServices(InferenceClient inference, MetricsClient metrics) {
    this(inference, metrics, Runtime.getRuntime().maxMemory() / 2);
  }
}
