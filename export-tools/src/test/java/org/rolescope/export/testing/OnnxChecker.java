package org.rolescope.export.testing;

import java.nio.file.Path;
import org.bytedeco.javacpp.Loader;
import org.bytedeco.onnx.global.onnx;
import org.junit.jupiter.api.Assumptions;

/** The ONNX project's own checker, with full shape inference. */
public final class OnnxChecker {
  private OnnxChecker() {}

  /** Loads the checker; skips the test, with the reason, where the platform has none. */
  public static void load() {
    try {
      Loader.load(onnx.class);
    } catch (LinkageError | RuntimeException missing) {
      String reason = "the ONNX checker has no native library for this platform: " + missing;
      System.out.println("skipped: " + reason);
      Assumptions.abort(reason);
    }
  }

  /** Throws where a model on disk is not valid. */
  public static void check(Path model) {
    boolean fullCheck = true;
    boolean skipOperatorSetCheck = false;
    boolean checkCustomDomain = false;
    onnx.check_model(model.toString(), fullCheck, skipOperatorSetCheck, checkCustomDomain);
  }
}
