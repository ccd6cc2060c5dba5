package org.rolescope.inference.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.rolescope.export.ExportRequest;
import org.rolescope.export.Exporter;
import org.rolescope.inference.grpc.InferenceServer.Captured;
import org.rolescope.inference.session.ComputeType;
import org.rolescope.inference.session.Device;
import org.rolescope.inference.session.Execution;
import org.rolescope.inference.session.NativeHandles;
import org.rolescope.tensors.TensorView;
import org.rolescope.v1.CaptureRequest;
import org.rolescope.v1.Tap;

/** Half precision beside single precision, on the processor. */
@Timeout(300)
final class ComputeTypeIT {
  private static final Map<String, Double> TOLERANCE =
      Map.of(
          "pattern", 5e-2,
          "z", 1e-2,
          "mlp_out", 1e-2,
          "resid_post", 1e-2,
          "logits", 1e-2,
          "value_norm", 1e-2);

  @TempDir static Path models;

  @Test
  void halfPrecisionDiffersByItsRoundingAndNoMore() throws IOException, InterruptedException {
    Path checkpoint = Path.of("../examples/demo-models/base").toAbsolutePath();
    new Exporter().export(ExportRequest.of(checkpoint, models.resolve("base")));
    Captured single = capture(Execution.DEFAULT);
    Captured half = capture(new Execution(Device.CPU, ComputeType.FLOAT16));
    assertThat(single.started().getModel().getComputeType())
        .isEqualTo(org.rolescope.v1.ComputeType.COMPUTE_TYPE_FLOAT32);
    assertThat(half.started().getModel().getComputeType())
        .isEqualTo(org.rolescope.v1.ComputeType.COMPUTE_TYPE_FLOAT16);
    assertThat(half.tensors()).hasSameSizeAs(single.tensors());
    Map<String, Double> worst = new TreeMap<>();
    for (int index = 0; index < single.tensors().size(); index++) {
      TensorView expected = single.tensors().get(index);
      TensorView actual = half.tensors().get(index);
      assertThat(actual.shape()).isEqualTo(expected.shape());
      worst.merge(expected.name(), difference(expected, actual), Math::max);
    }
    System.out.println("ComputeTypeIT, largest difference of range: " + worst);
    assertThat(worst.keySet()).isEqualTo(new TreeMap<>(TOLERANCE).keySet());
    worst.forEach(
        (tap, error) -> assertThat(error).as(tap).isGreaterThan(0).isLessThan(TOLERANCE.get(tap)));
  }

  private static Captured capture(Execution execution) throws IOException, InterruptedException {
    InferenceServer server = InferenceServer.start(models, execution);
    try {
      return server.capture(
          CaptureRequest.newBuilder()
              .setModel("base")
              .addAllPrompts(List.of("Who are you?", "How do airplanes fly today?"))
              .addAllTaps(
                  List.of(
                      Tap.TAP_PATTERN,
                      Tap.TAP_Z,
                      Tap.TAP_RESID_POST,
                      Tap.TAP_MLP_OUT,
                      Tap.TAP_VALUE_NORM,
                      Tap.TAP_LOGITS))
              .build());
    } finally {
      server.close();
      assertThat(NativeHandles.resident()).isZero();
    }
  }

  /** The largest difference, divided by the range of what is expected. */
  private static double difference(TensorView expected, TensorView actual) {
    FloatBuffer one = expected.floats();
    FloatBuffer other = actual.floats();
    float smallest = Float.POSITIVE_INFINITY;
    float largest = Float.NEGATIVE_INFINITY;
    double worst = 0;
    while (one.hasRemaining()) {
      float value = one.get();
      smallest = Math.min(smallest, value);
      largest = Math.max(largest, value);
      worst = Math.max(worst, Math.abs(value - other.get()));
    }
    return worst / (largest - smallest);
  }
}
