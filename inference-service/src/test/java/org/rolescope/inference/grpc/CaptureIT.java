package org.rolescope.inference.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.grpc.Context;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.rolescope.export.ExportRequest;
import org.rolescope.export.Exporter;
import org.rolescope.inference.grpc.InferenceServer.Captured;
import org.rolescope.inference.session.NativeHandles;
import org.rolescope.tensors.Axis;
import org.rolescope.tensors.TensorView;
import org.rolescope.tensors.bundle.BundleManifest;
import org.rolescope.v1.BosPolicy;
import org.rolescope.v1.CaptureRequest;
import org.rolescope.v1.CaptureResponse;
import org.rolescope.v1.GetModelRequest;
import org.rolescope.v1.LayerRange;
import org.rolescope.v1.ListModelsRequest;
import org.rolescope.v1.Model;
import org.rolescope.v1.PromptOptions;
import org.rolescope.v1.Tap;

/**
 * The demo pair through export, ONNX Runtime and gRPC, against the independent reference arrays.
 */
@Timeout(300)
final class CaptureIT {
  private static final double PATTERN_TOLERANCE = 1e-5;
  private static final double LOGITS_TOLERANCE_OF_RANGE = 1e-4;
  private static final int LAYERS = 6;

  @TempDir static Path models;
  private static InferenceServer server;

  @BeforeAll
  static void start() throws IOException {
    for (String variant : List.of("base", "instruct")) {
      export(variant, variant, 1);
    }
    export("base", "base-three-layers-a-stage", 3);
    // Its own, for a model once loaded does not look at its files again.
    export("instruct", "damaged", 1);
    // As on a file system that allows no link.
    export(new Exporter((_, _) -> refuse()), "instruct", "instruct-unlinked", 1);
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
        .hasMessage("INVALID_ARGUMENT: The model has no chat template; measure it without one");
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
    List<String> order = captured.tensors().stream().map(CaptureIT::label).toList();
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
        .extracting(CaptureIT::label)
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
    assertThat(whole.tensors()).filteredOn(CaptureIT::isValueNorm).isNotEmpty();
    assertThat(whole.tensors())
        .filteredOn(tensor -> !isValueNorm(tensor))
        .isEqualTo(lean.tensors());
  }

  @Test
  void aBundleOfBeforeValueNormsOffersAllTheRest() throws IOException {
    Path manifest = models.resolve("damaged").resolve(BundleManifest.FILE_NAME);
    byte[] whole = Files.readAllBytes(manifest);
    ObjectMapper json = new ObjectMapper();
    JsonNode before = json.readTree(whole);
    before.get("stages").forEach(stage -> ((ObjectNode) stage).remove("values"));
    Files.write(manifest, json.writeValueAsBytes(before));
    try {
      GetModelRequest named = GetModelRequest.newBuilder().setName("damaged").build();
      assertThat(server.stub().getModel(named).getModel().getTapsList())
          .containsExactly(Tap.TAP_PATTERN, Tap.TAP_Z, Tap.TAP_RESID_POST, Tap.TAP_LOGITS);
      assertThat(server.capture(request("damaged", List.of("Who are you?")).build()).tensors())
          .hasSize(LAYERS);
      assertFailure(
          Status.Code.INVALID_ARGUMENT,
          "value_norm is asked for but the model was exported before there was one; export the model again",
          r -> r.setModel("damaged").addTaps(Tap.TAP_VALUE_NORM));
    } finally {
      Files.write(manifest, whole);
    }
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

  @Test
  void modelsAreListedAndDescribed() {
    List<Model> listed =
        server.stub().listModels(ListModelsRequest.getDefaultInstance()).getModelsList();
    assertThat(listed)
        .extracting(Model::getName)
        .containsExactly(
            "base", "base-three-layers-a-stage", "damaged", "instruct", "instruct-unlinked");
    Model model =
        server.stub().getModel(GetModelRequest.newBuilder().setName("base").build()).getModel();
    assertThat(model).isEqualTo(listed.getFirst());
    assertThat(model.getParameterCount()).isEqualTo(1_312_384);
    assertThat(model.getTapsList())
        .containsExactly(
            Tap.TAP_PATTERN, Tap.TAP_Z, Tap.TAP_RESID_POST, Tap.TAP_LOGITS, Tap.TAP_VALUE_NORM);
    assertThat(model.getDigest()).matches("[0-9a-f]{64}").isNotEqualTo(listed.get(2).getDigest());
  }

  @Test
  void badRequestsAreAnsweredWithASentenceAndTheRightStatus() {
    assertFailure(
        Status.Code.NOT_FOUND, "There is no model gpt; there are base", r -> r.setModel("gpt"));
    assertFailure(Status.Code.INVALID_ARGUMENT, "is no model name", r -> r.setModel("../base"));
    assertFailure(Status.Code.INVALID_ARGUMENT, "no prompts", CaptureRequest.Builder::clearPrompts);
    assertFailure(Status.Code.INVALID_ARGUMENT, "Prompt 1 is empty", r -> r.addPrompts("  "));
    assertFailure(
        Status.Code.INVALID_ARGUMENT,
        "the model's context ends at 256; shorten it",
        r -> r.addPrompts("word ".repeat(300)));
    assertFailure(
        Status.Code.INVALID_ARGUMENT,
        "send at most " + InferenceServer.MAX_PROMPTS,
        r -> r.addAllPrompts(Collections.nCopies(InferenceServer.MAX_PROMPTS, "x")));
    assertFailure(Status.Code.INVALID_ARGUMENT, "No tap", CaptureRequest.Builder::clearTaps);
    assertFailure(Status.Code.INVALID_ARGUMENT, "unknown tap", r -> r.addTapsValue(77));
    assertFailure(
        Status.Code.INVALID_ARGUMENT,
        "the model has layers 0 to 5",
        r -> r.setLayers(LayerRange.newBuilder().setLast(6)));
  }

  @Test
  void aCancelledCaptureEndsAndTheServiceGoesOn() {
    List<String> many = Collections.nCopies(InferenceServer.MAX_PROMPTS, "word ".repeat(100));
    for (int attempt = 0; attempt < 3; attempt++) {
      Context.CancellableContext context = Context.current().withCancellation();
      context.run(
          () -> {
            Iterator<CaptureResponse> messages =
                server.stub().capture(request("base", many).setMaxBatchPrompts(1).build());
            messages.next();
            context.cancel(null);
            assertThatThrownBy(() -> messages.forEachRemaining(_ -> {}))
                .isInstanceOfSatisfying(
                    StatusRuntimeException.class,
                    failed ->
                        assertThat(failed.getStatus().getCode()).isEqualTo(Status.Code.CANCELLED));
          });
    }
    assertNothingIsLeftOpen();
    // Two passes may run at once: were the cancelled ones still at work, this would have to wait.
    Captured after = server.capture(request("base", List.of("Who are you?")).build());
    assertThat(after.tensors()).hasSize(LAYERS);
  }

  @Test
  void aPassThatFailsHalfWayLeavesNothingOpen() throws IOException {
    Path stage = models.resolve("damaged/stages/block_003.onnx");
    byte[] whole = Files.readAllBytes(stage);
    Files.write(stage, Arrays.copyOf(whole, whole.length / 2));
    try {
      assertThatThrownBy(() -> server.capture(request("damaged", List.of("Who are you?")).build()))
          .isInstanceOfSatisfying(
              StatusRuntimeException.class,
              failed ->
                  assertThat(failed.getStatus().getCode())
                      .isEqualTo(Status.Code.FAILED_PRECONDITION))
          .hasMessageContaining("block_003.onnx is damaged");
    } finally {
      Files.write(stage, whole);
    }
    assertNothingIsLeftOpen();
  }

  @Test
  void manyCapturesLeaveNothingOpen() {
    for (int repeat = 0; repeat < 50; repeat++) {
      server.capture(
          request("base", List.of("Who are you?"))
              .addTaps(Tap.TAP_VALUE_NORM)
              .addTaps(Tap.TAP_LOGITS)
              .build());
    }
    assertNothingIsLeftOpen();
  }

  /** The stream may end a moment before the pass has put everything away. */
  private static void assertNothingIsLeftOpen() {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
    while (NativeHandles.open() > 0 && System.nanoTime() < end) {
      Thread.onSpinWait();
    }
    assertThat(NativeHandles.open()).isZero();
  }

  private static void export(String variant, String name, int layersPerStage) {
    export(new Exporter(), variant, name, layersPerStage);
  }

  private static void export(Exporter exporter, String variant, String name, int layersPerStage) {
    exporter.export(
        new ExportRequest(
            Path.of("../examples/demo-models").resolve(variant),
            models.resolve(name),
            layersPerStage,
            false));
  }

  private static void refuse() throws IOException {
    throw new IOException("no links here");
  }

  private static CaptureRequest.Builder request(String model, List<String> prompts) {
    return CaptureRequest.newBuilder()
        .setModel(model)
        .addAllPrompts(prompts)
        .addTaps(Tap.TAP_PATTERN);
  }

  private static void assertFailure(
      Status.Code code, String sentence, UnaryOperator<CaptureRequest.Builder> change) {
    CaptureRequest request = change.apply(request("base", List.of("Who are you?"))).build();
    assertThatThrownBy(() -> server.capture(request))
        .isInstanceOfSatisfying(
            StatusRuntimeException.class,
            failed -> assertThat(failed.getStatus().getCode()).isEqualTo(code))
        .hasMessageContaining(sentence);
  }

  private static boolean isValueNorm(TensorView tensor) {
    return tensor.name().equals("value_norm");
  }

  private static String label(TensorView tensor) {
    return tensor.layer().isPresent()
        ? tensor.layer().getAsInt() + "." + tensor.name()
        : tensor.name();
  }

  /** Values of one prompt: of the pattern of a layer, or, with layer -1, the logits. */
  private static FloatBuffer of(Captured captured, String name, int layer, int prompt) {
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

  private static double worstDifference(float[] expected, FloatBuffer actual) {
    assertThat(actual.remaining()).isEqualTo(expected.length);
    double worst = 0;
    for (int index = 0; index < expected.length; index++) {
      worst = Math.max(worst, Math.abs(expected[index] - actual.get(index)));
    }
    return worst;
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
