package org.rolescope.inference.session;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;
import ai.onnxruntime.OrtSession.SessionOptions;
import org.rolescope.fault.FaultCode;
import org.rolescope.fault.RolescopeException;

/**
 * The one ONNX Runtime environment of this JVM. All sessions share its thread pool, so the number
 * of threads does not grow with the number of stages.
 */
final class OnnxRuntime {
  private static final OrtEnvironment ENVIRONMENT = create();

  private OnnxRuntime() {}

  static OrtEnvironment environment() {
    return ENVIRONMENT;
  }

  /** Options every session has; the caller closes them. */
  static SessionOptions sessionOptions() throws OrtException {
    SessionOptions options = new SessionOptions();
    options.disablePerSessionThreads();
    options.setDeterministicCompute(true);
    // Prepacking copies every weight; for prefill it saves no time that the copy does not cost.
    options.addConfigEntry("session.disable_prepacking", "1");
    return options;
  }

  /** Name and version. */
  static String nameAndVersion() {
    return "onnxruntime " + ENVIRONMENT.getVersion();
  }

  static RolescopeException failure(String what, OrtException cause) {
    return new RolescopeException(
        FaultCode.INTERNAL,
        "ONNX Runtime failed at %s: %s".formatted(what, cause.getMessage()),
        cause);
  }

  private static OrtEnvironment create() {
    try {
      OrtEnvironment.ThreadingOptions threads = new OrtEnvironment.ThreadingOptions();
      threads.setGlobalIntraOpNumThreads(Runtime.getRuntime().availableProcessors());
      threads.setGlobalInterOpNumThreads(1);
      OrtEnvironment environment =
          OrtEnvironment.getEnvironment(
              OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR, "rolescope", threads);
      environment.setTelemetry(false);
      return environment;
    } catch (OrtException failed) {
      throw failure("start", failed);
    }
  }
}
