package org.rolescope.bench.baseline;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession.SessionOptions;
import org.rolescope.inference.session.OnnxRuntime;

/** ONNX Runtime with the settings the inference service gives it. */
final class OnnxSessions {
  private OnnxSessions() {}

  /** The environment of the inference service, so that both use the same threads. */
  static OrtEnvironment environment() {
    // Makes sure that the service has created it; whoever asks first decides on the threads.
    OnnxRuntime.nameAndVersion();
    return OrtEnvironment.getEnvironment();
  }

  /** The options the inference service gives its sessions; the caller closes them. */
  static SessionOptions ofService() throws OrtException {
    SessionOptions options = packing();
    options.addConfigEntry("session.disable_prepacking", "1");
    return options;
  }

  /** The options it gives sessions that may copy weights; the caller closes them. */
  static SessionOptions packing() throws OrtException {
    SessionOptions options = plain();
    options.setDeterministicCompute(true);
    options.setCPUArenaAllocator(false);
    options.setMemoryPatternOptimization(false);
    return options;
  }

  /** Default options on the threads of the inference service; the caller closes them. */
  static SessionOptions plain() throws OrtException {
    SessionOptions options = new SessionOptions();
    options.disablePerSessionThreads();
    return options;
  }
}
