package org.rolescope.inference.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.rolescope.inference.grpc.DemoBundles.LAYERS;
import static org.rolescope.inference.grpc.DemoBundles.request;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.grpc.Context;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.rolescope.inference.grpc.InferenceServer.Captured;
import org.rolescope.inference.session.NativeHandles;
import org.rolescope.tensors.bundle.BundleManifest;
import org.rolescope.v1.CaptureRequest;
import org.rolescope.v1.CaptureResponse;
import org.rolescope.v1.GetModelRequest;
import org.rolescope.v1.LayerRange;
import org.rolescope.v1.ListModelsRequest;
import org.rolescope.v1.Model;
import org.rolescope.v1.Tap;

/**
 * What the inference service offers and refuses, and that a capture which is cancelled or fails
 * leaves nothing open.
 */
@Timeout(300)
final class CaptureServiceIT {
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
            Tap.TAP_PATTERN,
            Tap.TAP_Z,
            Tap.TAP_RESID_POST,
            Tap.TAP_LOGITS,
            Tap.TAP_VALUE_NORM,
            Tap.TAP_MLP_OUT);
    assertThat(model.getDigest()).matches("[0-9a-f]{64}").isNotEqualTo(listed.get(2).getDigest());
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
          .containsExactly(
              Tap.TAP_PATTERN, Tap.TAP_Z, Tap.TAP_RESID_POST, Tap.TAP_LOGITS, Tap.TAP_MLP_OUT);
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

  private static void assertFailure(
      Status.Code code, String sentence, UnaryOperator<CaptureRequest.Builder> change) {
    CaptureRequest request = change.apply(request("base", List.of("Who are you?"))).build();
    assertThatThrownBy(() -> server.capture(request))
        .isInstanceOfSatisfying(
            StatusRuntimeException.class,
            failed -> assertThat(failed.getStatus().getCode()).isEqualTo(code))
        .hasMessageContaining(sentence);
  }
}
