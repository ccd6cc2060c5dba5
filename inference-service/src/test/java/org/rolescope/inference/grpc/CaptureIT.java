package org.rolescope.inference.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.rolescope.inference.grpc.CapturedTensors.of;
import static org.rolescope.inference.grpc.CapturedTensors.worstDifference;
import static org.rolescope.inference.grpc.DemoBundles.LAYERS;
import static org.rolescope.inference.grpc.DemoBundles.request;

import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.rolescope.inference.grpc.InferenceServer.Captured;
import org.rolescope.inference.session.NativeHandles;
import org.rolescope.tensors.Axis;
import org.rolescope.tensors.TensorView;
import org.rolescope.v1.BosPolicy;
import org.rolescope.v1.CaptureRequest;
import org.rolescope.v1.LayerRange;
import org.rolescope.v1.PromptOptions;
import org.rolescope.v1.Tap;

/**
 * The demo pair through export, ONNX Runtime and gRPC, against the independent reference arrays.
 */
@Timeout(300)
final class CaptureIT {
  private static final double PATTERN_TOLERANCE = 1e-5;
  private static final double LOGITS_TOLERANCE_OF_RANGE = 1e-4;

  @TempDir static Path models;
  private static InferenceServer server;

  @BeforeAll
  static void start() throws IOException {
    DemoBundles.export(models);
    server = InferenceServer.start(models);
  }

  @AfterAll
  static void stop() throws InterruptedException {
    server.close();
    assertThat(NativeHandles.resident()).isZero();
  }

  @ParameterizedTest
  @ValueSource(strings = {"base", "instruct", "base-three-layers-a-stage", "instruct-unlinked"})
  void patternsAndLogitsEqualTheReference(String model) {
    String variant = model.split("-")[0];
    List<String> prompts = ReferenceActivations.prompts(variant);
    Captured captured = server.capture(request(model, prompts).addTaps(Tap.TAP_LOGITS).build());
    double worstPattern = 0;
    double worstLogits = 0;
    for (int prompt = 0; prompt < prompts.size(); prompt++) {
      assertThat(captured.started().getPrompts(prompt).getTokenIdsList())
          .containsExactly(boxed(ReferenceActivations.tokenIds(variant, prompt)));
      for (int layer = 0; layer < LAYERS; layer++) {
        worstPattern =
            Math.max(
                worstPattern,
                worstDifference(
                    ReferenceActivations.pattern(variant, prompt, layer),
                    of(captured, "pattern", layer, prompt)));
      }
      float[] logits = ReferenceActivations.logits(variant, prompt);
      worstLogits =
          Math.max(
              worstLogits,
              worstDifference(logits, of(captured, "logits", -1, prompt)) / range(logits));
    }
    System.out.printf(
        "CaptureIT %s: worst pattern difference %.2e, worst logits difference of range %.2e%n",
        model, worstPattern, worstLogits);
    assertThat(worstPattern).isLessThan(PATTERN_TOLERANCE);
    assertThat(worstLogits).isLessThan(LOGITS_TOLERANCE_OF_RANGE);
  }

  @Test
  void promptOptionsShapeTheTokens() {
    Captured auto = tokens("instruct", PromptOptions.getDefaultInstance());
    assertThat(auto.started().getPromptOptions().getBos()).isEqualTo(BosPolicy.BOS_POLICY_AUTO);
    assertThat(auto.started().getBeginToken()).isEqualTo("<|begin_of_text|>");
    Captured always = tokens("instruct", options(BosPolicy.BOS_POLICY_ALWAYS, false));
    assertThat(always.started().getPromptsList()).isEqualTo(auto.started().getPromptsList());
    Captured never = tokens("instruct", options(BosPolicy.BOS_POLICY_NEVER, false));
    assertThat(never.started().getBeginToken()).isEmpty();
    List<Long> ids = auto.started().getPrompts(0).getTokenIdsList();
    assertThat(never.started().getPrompts(0).getTokenIdsList())
        .isEqualTo(ids.subList(1, ids.size()));
    Captured chat = tokens("instruct", options(BosPolicy.BOS_POLICY_AUTO, true));
    assertThat(chat.started().getPromptOptions())
        .isEqualTo(options(BosPolicy.BOS_POLICY_AUTO, true));
    assertThat(chat.started().getPrompts(0).getRendered())
        .isEqualTo("<|begin_of_text|><|user|>Who are you?<|assistant|>");
    assertThat(chat.started().getPrompts(0).getTokensList())
        .startsWith("<|begin_of_text|>", "<|user|>")
        .endsWith("<|assistant|>");
    assertThat(chat.tensors()).hasSize(1);
    assertThatThrownBy(() -> tokens("base", options(BosPolicy.BOS_POLICY_AUTO, true)))
        .isInstanceOf(StatusRuntimeException.class)
        .hasMessage("INVALID_ARGUMENT: Model base has no chat template; measure it without one");
  }

  private static Captured tokens(String model, PromptOptions options) {
    return server.capture(
        CaptureRequest.newBuilder()
            .setModel(model)
            .addPrompts("Who are you?")
            .addTaps(Tap.TAP_PATTERN)
            .setLayers(LayerRange.newBuilder().setFirst(0).setLast(0))
            .setPromptOptions(options)
            .build());
  }

  private static PromptOptions options(BosPolicy bos, boolean chatTemplate) {
    return PromptOptions.newBuilder().setBos(bos).setChatTemplate(chatTemplate).build();
  }

  @ParameterizedTest
  @ValueSource(strings = {"base", "base-three-layers-a-stage"})
  void tensorsComeByLayerThenBatchThenTapWithNamedAxes(String model) {
    List<String> prompts = List.of("Who are you?", "What are you?", "How do airplanes fly today?");
    Captured captured =
        server.capture(
            request(model, prompts)
                .addTaps(Tap.TAP_LOGITS)
                .addTaps(Tap.TAP_RESID_POST)
                .addTaps(Tap.TAP_Z)
                .addTaps(Tap.TAP_VALUE_NORM)
                .build());
    List<String> order = captured.tensors().stream().map(CapturedTensors::label).toList();
    long batches =
        captured.tensors().stream().filter(tensor -> tensor.name().equals("logits")).count();
    assertThat(batches).isEqualTo(2);
    assertThat(order).hasSize((int) (batches * (LAYERS * 4 + 1)));
    assertThat(order.subList(0, 9))
        .containsExactly(
            "0.value_norm",
            "0.pattern",
            "0.z",
            "0.resid_post",
            "0.value_norm",
            "0.pattern",
            "0.z",
            "0.resid_post",
            "1.value_norm");
    assertThat(order.getLast()).isEqualTo("logits");
    TensorView norms = captured.tensors().getFirst();
    assertThat(norms.shape().names()).containsExactly(Axis.BATCH, Axis.HEAD, Axis.KEY_POS);
    assertThat(norms.shape().size(Axis.HEAD)).isEqualTo(8);
    TensorView pattern = captured.tensors().get(1);
    assertThat(pattern.shape().names())
        .containsExactly(Axis.BATCH, Axis.HEAD, Axis.QUERY_POS, Axis.KEY_POS);
    assertThat(pattern.shape().size(Axis.HEAD)).isEqualTo(8);
    assertThat(captured.tensors().get(2).shape().names())
        .containsExactly(Axis.BATCH, Axis.POS, Axis.HEAD, Axis.D_HEAD);
    assertThat(captured.tensors().get(3).shape().size(Axis.D_MODEL)).isEqualTo(128);
  }

  @Test
  void everyRowOfEveryPatternSumsToOneAndSeesNoFuture() {
    Captured captured = server.capture(request("instruct", List.of("Are you conscious?")).build());
    for (TensorView tensor : captured.tensors()) {
      int length = tensor.shape().size(Axis.KEY_POS);
      FloatBuffer values = tensor.floats();
      for (int row = 0; values.hasRemaining(); row++) {
        double sum = 0;
        for (int key = 0; key < length; key++) {
          float value = values.get();
          sum += value;
          if (key > row % length) {
            assertThat(value).isZero();
          }
        }
        assertThat(sum).isCloseTo(1, org.assertj.core.data.Offset.offset(1e-5));
      }
    }
  }

  @Test
  void aRangeOfLayersGivesTheSameTensorsAsTheWhole() {
    List<String> prompts = List.of("Who are you?");
    Captured whole = server.capture(request("base", prompts).build());
    Captured part =
        server.capture(
            request("base", prompts)
                .setLayers(LayerRange.newBuilder().setFirst(2).setLast(3))
                .build());
    assertThat(part.tensors())
        .extracting(CapturedTensors::label)
        .containsExactly("2.pattern", "3.pattern");
    assertThat(part.tensors().getFirst().bytes()).isEqualTo(whole.tensors().get(2).bytes());
  }

  @Test
  void batchCompositionDoesNotMatter() {
    List<String> prompts = List.of("Who are you?", "What are you?", "Who is she?", "Where am I?");
    Captured together = server.capture(request("base", prompts).build());
    Captured apart = server.capture(request("base", prompts).setMaxBatchPrompts(1).build());
    for (int prompt = 0; prompt < prompts.size(); prompt++) {
      for (int layer = 0; layer < LAYERS; layer++) {
        FloatBuffer alone = of(apart, "pattern", layer, prompt);
        float[] expected = new float[alone.remaining()];
        alone.get(expected);
        assertThat(worstDifference(expected, of(together, "pattern", layer, prompt)))
            .isLessThan(1e-6);
      }
    }
  }

  @Test
  void valueNormsChangeNothingElse() {
    CaptureRequest.Builder request =
        request("base", ReferenceActivations.prompts("base"))
            .addTaps(Tap.TAP_Z)
            .addTaps(Tap.TAP_RESID_POST)
            .addTaps(Tap.TAP_LOGITS);
    Captured lean = server.capture(request.build());
    Captured whole = server.capture(request.addTaps(Tap.TAP_VALUE_NORM).build());
    assertThat(whole.tensors()).filteredOn(CapturedTensors::isValueNorm).isNotEmpty();
    assertThat(whole.tensors())
        .filteredOn(tensor -> !CapturedTensors.isValueNorm(tensor))
        .isEqualTo(lean.tensors());
  }

  @Test
  void equalRequestsGiveEqualBytes() {
    CaptureRequest request =
        request("instruct", ReferenceActivations.prompts("instruct"))
            .addTaps(Tap.TAP_RESID_POST)
            .addTaps(Tap.TAP_VALUE_NORM)
            .addTaps(Tap.TAP_LOGITS)
            .build();
    assertThat(server.capture(request).tensors()).isEqualTo(server.capture(request).tensors());
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

  private static Long[] boxed(long[] values) {
    return Arrays.stream(values).boxed().toArray(Long[]::new);
  }
}
