package org.rolescope.cli.command;

import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** How a run is started. */
final class RunOptions {
  @Option(
      names = "--orchestrator",
      paramLabel = "HOST:PORT",
      description = {
        "Let this orchestrator do the run; its inference service must know the models",
        "(default: all services in this process)."
      })
  private String orchestrator;

  @Option(
      names = "--fresh",
      description = "Measure again even where the same plan was measured before.")
  private boolean fresh;

  @Mixin private DeviceOptions device;

  String orchestrator() {
    return orchestrator;
  }

  boolean fresh() {
    return fresh;
  }

  DeviceOptions device() {
    return device;
  }
}
