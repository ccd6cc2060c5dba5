package org.rolescope.inference.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.FloatBuffer;
import java.util.HashMap;
import java.util.Map;
import org.rolescope.inference.grpc.InferenceServer.Captured;
import org.rolescope.tensors.TensorView;

/** Finds tensors among those captured, and compares them. */
final class CapturedTensors {
  private CapturedTensors() {}

  /** Its layer, if it has one, and its tap. */
  static String label(TensorView tensor) {
    return tensor.layer().isPresent()
        ? tensor.layer().getAsInt() + "." + tensor.name()
        : tensor.name();
  }

  /** Whether it holds value norms. */
  static boolean isValueNorm(TensorView tensor) {
    return tensor.name().equals("value_norm");
  }

  /** Values of one prompt: of the pattern of a layer, or, with layer -1, the logits. */
  static FloatBuffer of(Captured captured, String name, int layer, int prompt) {
    Map<Integer, FloatBuffer> byPrompt = new HashMap<>();
    for (TensorView tensor : captured.tensors()) {
      if (tensor.name().equals(name) && tensor.layer().orElse(-1) == layer) {
        for (int index = 0; index < tensor.promptIndices().size(); index++) {
          byPrompt.put(tensor.promptIndices().get(index), tensor.floatsOf(index));
        }
      }
    }
    return byPrompt.get(prompt);
  }

  /** Largest absolute difference of numbers in equal places. */
  static double worstDifference(float[] expected, FloatBuffer actual) {
    assertThat(actual.remaining()).isEqualTo(expected.length);
    double worst = 0;
    for (int index = 0; index < expected.length; index++) {
      worst = Math.max(worst, Math.abs(expected[index] - actual.get(index)));
    }
    return worst;
  }
}
