package org.rolescope.inference.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.rolescope.inference.grpc.InterventionRequests.mlp;
import static org.rolescope.inference.grpc.InterventionRequests.request;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.jetbrains.bio.npy.NpzFile;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.rolescope.inference.grpc.InferenceServer.Captured;
import org.rolescope.inference.session.NativeHandles;
import org.rolescope.tensors.TensorView;
import org.rolescope.v1.CaptureRequest;
import org.rolescope.v1.Tap;

/**
 * The tap mlp_out, against hooks behind the MLPs of Hugging Face transformers 4.57.3;
 * reference/interventions/make_golden.py made the arrays.
 */
@Timeout(300)
final class MlpOutputIT {
  private static final double TOLERANCE_OF_RANGE = 1e-5;

  /** Prompts of a golden case whose outputs are known. */
  private static final int[] PROMPTS = {1, 2};

  @TempDir static Path models;
  private static InferenceServer server;

  @BeforeAll
  static void start() throws IOException {
    InterventionCases.export(models);
    server = InferenceServer.start(models);
  }

  @AfterAll
  static void stop() throws InterruptedException {
    server.close();
    assertThat(NativeHandles.resident()).isZero();
  }

  /** The stream may end a moment before the pass has put everything away. */
  @AfterEach
  void nothingIsLeftOpen() {
    InferenceServer.awaitNothingOpen();
    assertThat(NativeHandles.open()).isZero();
  }

  static Stream<Arguments> models() {
    return Stream.of("llama-gqa-2", "qwen2", "gpt2")
        .flatMap(name -> Stream.of(Arguments.of(name, 1), Arguments.of(name, 2)));
  }

  @ParameterizedTest(name = "{0}, layers a stage: {1}")
  @MethodSource("models")
  void outputsEqualThoseOfTransformers(String name, int layersPerStage) {
    GoldenCase golden = GoldenCase.read(name);
    Captured captured = server.capture(outputs(name + "-" + layersPerStage, golden).build());
    Path file = Path.of("src/test/resources/interventions", name, "mlp_out.npz");
    double worst = 0;
    try (NpzFile.Reader arrays = NpzFile.read(file)) {
      assertThat(arrays.introspect()).hasSize(PROMPTS.length * golden.layers());
      for (int prompt : PROMPTS) {
        for (int layer = 0; layer < golden.layers(); layer++) {
          String array = "p%d_l%d_mlp_out".formatted(prompt, layer);
          float[] expected = arrays.get(array, Integer.MAX_VALUE).asFloatArray();
          double difference =
              CapturedTensors.worstDifference(
                  expected, CapturedTensors.of(captured, "mlp_out", layer, prompt));
          worst = Math.max(worst, difference / range(expected));
        }
      }
    }
    System.out.printf(Locale.ROOT, "MlpOutputIT %s: worst difference %.1e%n", name, worst);
    assertThat(worst).isLessThan(TOLERANCE_OF_RANGE);
  }

  /** Whoever asks for it gets the other taps as they were, and its place is before resid_post. */
  @ParameterizedTest(name = "{0}, layers a stage: {1}")
  @MethodSource("models")
  void theOtherTapsKeepTheirBytes(String name, int layersPerStage) {
    GoldenCase golden = GoldenCase.read(name);
    String model = name + "-" + layersPerStage;
    CaptureRequest without = request(model, golden.texts()).build();
    List<TensorView> before = server.capture(without).tensors();
    List<TensorView> with =
        server.capture(without.toBuilder().addTaps(Tap.TAP_MLP_OUT).build()).tensors();
    assertThat(with).filteredOn(tensor -> !tensor.name().equals("mlp_out")).isEqualTo(before);
    assertThat(with.subList(0, 4))
        .extracting(TensorView::name)
        .containsExactly("pattern", "z", "mlp_out", "resid_post");
    assertThat(server.capture(without).tensors()).isEqualTo(before);
  }

  @ParameterizedTest(name = "{0}, layers a stage: {1}")
  @MethodSource("models")
  void anMlpThatIsOutGivesZeros(String name, int layersPerStage) {
    GoldenCase golden = GoldenCase.read(name);
    String model = name + "-" + layersPerStage;
    Captured changed = server.capture(outputs(model, golden).addInterventions(mlp(0, 0)).build());
    for (int prompt = 0; prompt < golden.texts().size(); prompt++) {
      float[] zeros = new float[CapturedTensors.of(changed, "mlp_out", 0, prompt).remaining()];
      assertThat(
              CapturedTensors.worstDifference(
                  zeros, CapturedTensors.of(changed, "mlp_out", 0, prompt)))
          .isZero();
    }
  }

  private static CaptureRequest.Builder outputs(String model, GoldenCase golden) {
    return CaptureRequest.newBuilder()
        .setModel(model)
        .addAllPrompts(golden.texts())
        .addTaps(Tap.TAP_MLP_OUT);
  }

  private static double range(float[] values) {
    double low = Double.POSITIVE_INFINITY;
    double high = Double.NEGATIVE_INFINITY;
    for (float value : values) {
      low = Math.min(low, value);
      high = Math.max(high, value);
    }
    return high - low;
  }
}
