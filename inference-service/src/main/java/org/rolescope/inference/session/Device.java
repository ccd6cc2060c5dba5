package org.rolescope.inference.session;

import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtProvider;
import ai.onnxruntime.OrtSession.SessionOptions;
import ai.onnxruntime.providers.OrtCUDAProviderOptions;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import org.rolescope.fault.FaultCode;
import org.rolescope.fault.RolescopeException;

/** What stages run on: an execution provider of ONNX Runtime. */
public enum Device {
  /** The processor. */
  CPU(OrtProvider.CPU),
  /** An NVIDIA GPU. */
  CUDA(OrtProvider.CUDA),
  /** Apple's Core ML. */
  COREML(OrtProvider.CORE_ML);

  private final OrtProvider provider;

  Device(OrtProvider provider) {
    this.provider = provider;
  }

  /** The name in configuration and results, for example {@code cuda}. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * The devices this ONNX Runtime was built for; whether the machine has them is another matter.
   */
  public static Set<Device> offered() {
    EnumSet<OrtProvider> providers = ai.onnxruntime.OrtEnvironment.getAvailableProviders();
    return Arrays.stream(values())
        .filter(device -> providers.contains(device.provider))
        .collect(Collectors.toCollection(() -> EnumSet.noneOf(Device.class)));
  }

  /**
   * The device of a name.
   *
   * @throws RolescopeException INVALID_ARGUMENT where there is none of that name, or this ONNX
   *     Runtime was built without it
   */
  public static Device of(String label) {
    Set<Device> offered = offered();
    return Arrays.stream(values())
        .filter(device -> device.label().equals(label))
        .filter(offered::contains)
        .findFirst()
        .orElseThrow(
            () ->
                new RolescopeException(
                    FaultCode.INVALID_ARGUMENT,
                    "There is no device `%s` here; this build runs on %s%s"
                        .formatted(
                            label,
                            offered.stream().map(Device::label).collect(Collectors.joining(", ")),
                            label.equals("cuda") ? " (one for CUDA is made with -Pcuda)" : "")));
  }

  /**
   * Has a session run here. What the device cannot do runs on the processor.
   *
   * @throws RolescopeException FAILED_PRECONDITION where the machine has no such device that works
   */
  void enable(SessionOptions options) {
    try {
      switch (this) {
        case CPU -> {}
        case CUDA -> {
          try (OrtCUDAProviderOptions cuda = new OrtCUDAProviderOptions(0)) {
            // TensorFloat-32 keeps ten bits of a product, which shows in patterns.
            cuda.add("use_tf32", "0");
            options.addCUDA(cuda);
          }
        }
        case COREML -> options.addCoreML();
      }
    } catch (OrtException failed) {
      throw new RolescopeException(
          FaultCode.UNAVAILABLE,
          "Device %s does not work on this machine (%s); check its driver and libraries, or run on cpu"
              .formatted(label(), OnnxRuntime.firstLine(failed)),
          failed);
    }
  }
}
