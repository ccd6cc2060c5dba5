package org.rolescope.tensors.bundle;

import static java.util.Objects.requireNonNull;

/**
 * What ran a model.
 *
 * @param software name and version, for example {@code onnxruntime 1.29.0}
 * @param device for example {@code cpu}
 * @param computeType the numbers of products with weights: {@code float32} or {@code float16}
 */
public record ModelRuntime(String software, String device, String computeType) {
  /** Device where nothing else is said. */
  public static final String CPU = "cpu";

  /** Compute type where nothing else is said. */
  public static final String FLOAT32 = "float32";

  /** Checks that nothing is missing. */
  public ModelRuntime {
    requireNonNull(software, "software is missing");
    requireNonNull(device, "device is missing");
    requireNonNull(computeType, "computeType is missing");
  }

  /** On the processor in single precision. */
  public static ModelRuntime ofCpu(String software) {
    return new ModelRuntime(software, CPU, FLOAT32);
  }
}
