package org.rolescope.inference.session;

import static java.util.Objects.requireNonNull;

import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession.SessionOptions;

/**
 * How stages are run. The graphs are the same everywhere.
 *
 * @param device what they run on
 * @param computeType the numbers of matrix products
 */
public record Execution(Device device, ComputeType computeType) {
  /** On the processor, in single precision. */
  public static final Execution DEFAULT = new Execution(Device.CPU, ComputeType.FLOAT32);

  /** Checks that nothing is missing. */
  public Execution {
    requireNonNull(device, "device is null");
    requireNonNull(computeType, "computeType is null");
  }

  /**
   * Looks whether the device works here.
   *
   * @throws org.rolescope.fault.RolescopeException UNAVAILABLE where it does not
   */
  public void check() {
    try (SessionOptions _ = sessionOptions()) {
      return;
    } catch (OrtException failed) {
      throw OnnxRuntime.failure("start", failed);
    }
  }

  /** Options of a stage's session; the caller closes them. */
  SessionOptions sessionOptions() throws OrtException {
    SessionOptions options = OnnxRuntime.sessionOptions();
    try {
      device.enable(options);
      return options;
    } catch (RuntimeException failed) {
      options.close();
      throw failed;
    }
  }
}
