package org.rolescope.cli.command;

import java.util.Map;
import java.util.TreeMap;
import org.rolescope.fault.FaultCode;
import org.rolescope.fault.RolescopeException;
import picocli.CommandLine.Option;

/** What the inference service of this process runs models on. */
final class DeviceOptions {
  private static final String INFERENCE = "rolescope.inference.";

  @Option(
      names = "--device",
      paramLabel = "DEVICE",
      description =
          "Run models on cpu, cuda or coreml; cuda needs a build with -Pcuda "
              + "(default: cpu, or ROLESCOPE_INFERENCE_DEVICE).")
  private String device;

  @Option(
      names = "--compute-type",
      paramLabel = "TYPE",
      description =
          "Numbers of products with weights: float32, or float16 for GPUs; all else is "
              + "float32 (default: float32, or ROLESCOPE_INFERENCE_COMPUTE_TYPE).")
  private String computeType;

  /** Settings of the inference service; those not given stay as configured. */
  Map<String, Object> settings() {
    Map<String, Object> settings = new TreeMap<>();
    if (device != null) {
      settings.put(INFERENCE + "device", device);
    }
    if (computeType != null) {
      settings.put(INFERENCE + "compute-type", computeType);
    }
    return settings;
  }

  /**
   * Settings for services in this process, where there may be others.
   *
   * @param remote address of a service that does the work, or null
   * @throws RolescopeException INVALID_ARGUMENT where a remote service is to run on a device chosen
   *     here
   */
  Map<String, Object> settings(String remote) {
    Map<String, Object> settings = settings();
    if (remote != null && !settings.isEmpty()) {
      throw new RolescopeException(
          FaultCode.INVALID_ARGUMENT,
          "The services behind %s chose their device when they were started; leave out --device and --compute-type"
              .formatted(remote));
    }
    return settings;
  }
}
