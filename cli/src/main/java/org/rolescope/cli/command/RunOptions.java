package org.rolescope.cli.command;

import java.nio.file.Path;
import org.rolescope.cli.services.Connection;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** How a run is started. */
final class RunOptions {
  @Option(
      names = "--orchestrator",
      paramLabel = "HOST:PORT",
      description =
          "Let this orchestrator do the run; its inference service must know the models "
              + "(default: all services in this process).")
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

  /** Connects to the orchestrator that does the run; without one, to services in this process. */
  Connection connect(Path data) {
    return Connection.open(orchestrator, data, device.settings(orchestrator));
  }

  DeviceOptions device() {
    return device;
  }
}
