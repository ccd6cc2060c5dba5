package org.rolescope.inference.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.rolescope.inference.grpc.InterventionCases.bytes;
import static org.rolescope.inference.grpc.InterventionRequests.heads;
import static org.rolescope.inference.grpc.InterventionRequests.mlp;
import static org.rolescope.inference.grpc.InterventionRequests.request;

import io.grpc.Context;
import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.rolescope.inference.grpc.InferenceServer.Captured;
import org.rolescope.inference.session.NativeHandles;
import org.rolescope.v1.CaptureRequest;
import org.rolescope.v1.CaptureResponse;
import org.rolescope.v1.Intervention;
import org.rolescope.v1.Patch;
import org.rolescope.v1.RandomPattern;
import org.rolescope.v1.ReferenceRandomPattern;
import org.rolescope.v1.UniformPattern;

/** What must hold of interventions whatever the model computes. */
@Timeout(300)
final class InterventionIT {
  /** Prompts of a golden case that are equally long. */
  private static final int TARGET = 2;

  private static final int SOURCE = 3;

  private static final String SLIDING = "mistral-sliding-window";
  private static final int WINDOW = 7;
  private static final float FLOAT_ROUNDING = 1e-6f;

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

  @Test
  void uniformAttentionStaysInsideTheSlidingWindow() {
    GoldenCase golden = GoldenCase.read(SLIDING);
    Captured captured =
        server.capture(
            request(SLIDING + "-1", golden.texts())
                .addInterventions(
                    heads(1, heads -> heads.setUniform(UniformPattern.getDefaultInstance())))
                .build());
    int prompt = 4;
    int length = golden.tokenIds().get(prompt).size();
    assertThat(length).isGreaterThan(2 * WINDOW);
    FloatBuffer pattern = CapturedTensors.of(captured, "pattern", 1, prompt);
    for (int index = 0; index < pattern.limit(); index++) {
      int query = index / length % length;
      int key = index % length;
      boolean visible = key <= query && key > query - WINDOW;
      float expected = visible ? 1f / Math.min(WINDOW, query + 1) : 0;
      assertThat(pattern.get(index)).isEqualTo(expected, within(FLOAT_ROUNDING));
    }
  }

  @Test
  void randomAttentionFollowsFromSeedLayerHeadAndTokensAlone() {
    List<String> texts = GoldenCase.read("qwen2").texts();
    CaptureRequest.Builder seven =
        request("qwen2-1", texts).addInterventions(random(0, 7)).addInterventions(random(1, 7));
    Captured batched = server.capture(seven.build());
    Captured alone = server.capture(seven.clone().setMaxBatchPrompts(1).build());
    List<String> reversed = texts.reversed();
    Captured turned = server.capture(seven.clone().clearPrompts().addAllPrompts(reversed).build());
    Captured other =
        server.capture(request("qwen2-1", texts).addInterventions(random(0, 8)).build());
    for (int prompt = 1; prompt < texts.size(); prompt++) {
      FloatBuffer pattern = CapturedTensors.of(batched, "pattern", 0, prompt);
      assertThat(CapturedTensors.of(alone, "pattern", 0, prompt)).isEqualTo(pattern);
      assertThat(CapturedTensors.of(turned, "pattern", 0, texts.size() - 1 - prompt))
          .isEqualTo(pattern);
      assertThat(CapturedTensors.of(other, "pattern", 0, prompt)).isNotEqualTo(pattern);
      assertThat(CapturedTensors.of(batched, "pattern", 1, prompt)).isNotEqualTo(pattern);
      int block = pattern.limit() / 4;
      assertThat(pattern.slice(0, block)).isNotEqualTo(pattern.slice(block, block));
    }
  }

  /** Reference attention, cut to the visible keys and brought to 1 again, is the causal one. */
  @Test
  void randomAttentionIsReferenceAttentionWithoutTheFuture() {
    GoldenCase golden = GoldenCase.read("gpt2");
    Captured causal =
        server.capture(request("gpt2-1", golden.texts()).addInterventions(random(0, 3)).build());
    ReferenceRandomPattern three = ReferenceRandomPattern.newBuilder().setSeed(3).build();
    Captured reference =
        server.capture(
            request("gpt2-1", golden.texts())
                .addInterventions(heads(0, heads -> heads.setReferenceRandom(three)))
                .build());
    for (int prompt = 1; prompt < golden.texts().size(); prompt++) {
      int length = golden.tokenIds().get(prompt).size();
      FloatBuffer all = CapturedTensors.of(reference, "pattern", 0, prompt);
      FloatBuffer visible = CapturedTensors.of(causal, "pattern", 0, prompt);
      for (int row = 0; row < all.limit() / length; row++) {
        assertRow(
            all.slice(row * length, length), visible.slice(row * length, length), row % length);
      }
    }
  }

  @Test
  void promptsAreChangedEachInItsOwnWayAndOthersLeftAlone() {
    String text = GoldenCase.read("llama-gqa-2").texts().get(TARGET);
    List<String> texts = Collections.nCopies(4, text);
    CaptureRequest clean = request("llama-gqa-2-1", texts).build();
    Captured before = server.capture(clean);
    Intervention first = heads(0, heads -> heads.addHeads(1).setPatternScale(0));
    Intervention second = heads(0, heads -> heads.addHeads(1).setPatternScale(0.5f));
    Captured after =
        server.capture(
            clean.toBuilder()
                .addInterventions(first.toBuilder().addPromptIndices(1))
                .addInterventions(second.toBuilder().addPromptIndices(3))
                .addInterventions(mlp(1, 0).toBuilder().addPromptIndices(3).addPromptIndices(0))
                .build());
    assertThat(CapturedTensors.of(after, "logits", -1, 2))
        .isEqualTo(CapturedTensors.of(before, "logits", -1, 2));
    for (int prompt : new int[] {0, 1, 3}) {
      assertThat(CapturedTensors.of(after, "logits", -1, prompt))
          .isNotEqualTo(CapturedTensors.of(before, "logits", -1, prompt));
    }
    FloatBuffer whole = CapturedTensors.of(before, "pattern", 0, 3);
    FloatBuffer half = CapturedTensors.of(after, "pattern", 0, 3);
    int block = whole.limit() / 8;
    for (int index = 0; index < whole.limit(); index++) {
      float factor = index / block == 1 ? 0.5f : 1;
      assertThat(half.get(index)).isEqualTo(whole.get(index) * factor);
    }
  }

  @Test
  void valuesBelongToThePromptsInTheOrderNamed() {
    List<String> texts = GoldenCase.read("gpt2").texts();
    CaptureRequest clean = request("gpt2-1", texts).build();
    Captured before = server.capture(clean);
    Patch both =
        Patch.newBuilder()
            .addValues(bytes(CapturedTensors.of(before, "z", 0, TARGET)))
            .addValues(bytes(CapturedTensors.of(before, "z", 0, SOURCE)))
            .build();
    Intervention swap =
        heads(0, heads -> heads.setZ(both)).toBuilder()
            .addPromptIndices(SOURCE)
            .addPromptIndices(TARGET)
            .build();
    Captured after = server.capture(clean.toBuilder().addInterventions(swap).build());
    for (int prompt = 0; prompt < texts.size(); prompt++) {
      int from = prompt == TARGET ? SOURCE : prompt == SOURCE ? TARGET : prompt;
      assertThat(CapturedTensors.of(after, "z", 0, prompt))
          .isEqualTo(CapturedTensors.of(before, "z", 0, from));
    }
  }

  @Test
  void streamedStagesGiveTheSameBytesAsResidentOnes() throws IOException, InterruptedException {
    InferenceServer streaming = InferenceServer.start(models, 1);
    try {
      for (String name : InterventionCases.MODELS) {
        CaptureRequest request =
            request(name + "-2", GoldenCase.read(name).texts())
                .addInterventions(random(0, 1))
                .addInterventions(mlp(1, 0))
                .build();
        assertThat(streaming.capture(request).tensors())
            .isEqualTo(server.capture(request).tensors());
      }
    } finally {
      streaming.close();
    }
  }

  @Test
  void aCancelledCaptureLeavesNothingOpen() {
    List<String> many = Collections.nCopies(150, GoldenCase.read("gpt2").texts().get(4));
    CaptureRequest request =
        request("gpt2-2", many).setMaxBatchPrompts(1).addInterventions(random(1, 1)).build();
    Context.CancellableContext context = Context.current().withCancellation();
    context.run(
        () -> {
          Iterator<CaptureResponse> messages = server.stub().capture(request);
          messages.next();
          context.cancel(null);
          assertThatThrownBy(() -> messages.forEachRemaining(_ -> {}))
              .isInstanceOf(StatusRuntimeException.class);
        });
    nothingIsLeftOpen();
  }

  private static Intervention random(int layer, long seed) {
    RandomPattern pattern = RandomPattern.newBuilder().setSeed(seed).build();
    return heads(layer, heads -> heads.setRandom(pattern));
  }

  private static void assertRow(FloatBuffer all, FloatBuffer visible, int query) {
    double sum = 0;
    double seen = 0;
    for (int key = 0; key < all.limit(); key++) {
      assertThat(all.get(key)).isPositive();
      sum += all.get(key);
      seen += key <= query ? all.get(key) : 0;
    }
    assertThat(sum).isEqualTo(1, within(1e-5));
    for (int key = 0; key < all.limit(); key++) {
      double expected = key <= query ? all.get(key) / seen : 0;
      assertThat((double) visible.get(key)).isEqualTo(expected, within(1e-6));
    }
  }
}
