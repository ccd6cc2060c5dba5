package org.rolescope.orchestrator.runstore;

import org.rolescope.v1.Model;

/** What a service runs a model on, as results and certificates name it. */
public final class RuntimeNames {
  private RuntimeNames() {}

  /** The device, for example {@code cuda}; a service that does not say runs on the processor. */
  public static String device(Model model) {
    return switch (model.getDevice()) {
      case DEVICE_UNSPECIFIED, DEVICE_CPU -> "cpu";
      case DEVICE_CUDA -> "cuda";
      case DEVICE_COREML -> "coreml";
      case UNRECOGNIZED -> "device " + model.getDeviceValue();
    };
  }

  /** The numbers of products with weights, for example {@code float16}. */
  public static String computeType(Model model) {
    return switch (model.getComputeType()) {
      case COMPUTE_TYPE_UNSPECIFIED, COMPUTE_TYPE_FLOAT32 -> "float32";
      case COMPUTE_TYPE_FLOAT16 -> "float16";
      case UNRECOGNIZED -> "compute type " + model.getComputeTypeValue();
    };
  }

  /**
   * What tells a model and how it is run from others: its digest alone, as everywhere the same, on
   * the processor in single precision.
   */
  public static String identity(Model model) {
    String runsOn = device(model) + " " + computeType(model);
    return runsOn.equals("cpu float32") ? model.getDigest() : model.getDigest() + " " + runsOn;
  }
}
