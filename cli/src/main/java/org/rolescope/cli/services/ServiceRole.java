package org.rolescope.cli.services;

/** A service this process can run. */
public enum ServiceRole {
  /** Bundles to tensor streams. */
  INFERENCE,
  /** Tensor streams to numbers. */
  METRICS,
  /** Experiments to runs. */
  ORCHESTRATOR;

  /** Name in sentences and configuration. */
  public String label() {
    return switch (this) {
      case INFERENCE -> "inference";
      case METRICS -> "metrics";
      case ORCHESTRATOR -> "orchestrator";
    };
  }
}
