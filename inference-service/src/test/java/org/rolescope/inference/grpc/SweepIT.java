package org.rolescope.inference.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.rolescope.inference.grpc.InterventionRequests.heads;
import static org.rolescope.inference.grpc.InterventionRequests.residual;
import static org.rolescope.inference.grpc.SweepRequests.FROM_SOURCE;
import static org.rolescope.inference.grpc.SweepRequests.ablations;
import static org.rolescope.inference.grpc.SweepRequests.everyHead;
import static org.rolescope.inference.grpc.SweepRequests.everySite;
import static org.rolescope.inference.grpc.SweepRequests.mlpFromSource;
import static org.rolescope.inference.grpc.SweepRequests.request;
import static org.rolescope.inference.grpc.SweepRequests.variant;

import io.grpc.Context;
import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.rolescope.inference.intervene.InterventionLimits;
import org.rolescope.inference.session.ComputeType;
import org.rolescope.inference.session.Device;
import org.rolescope.inference.session.Execution;
import org.rolescope.inference.session.NativeHandles;
import org.rolescope.tensors.TensorView;
import org.rolescope.v1.CaptureRequest;
import org.rolescope.v1.GetModelRequest;
import org.rolescope.v1.Model;
import org.rolescope.v1.SweepLogits;
import org.rolescope.v1.SweepRequest;
import org.rolescope.v1.SweepResponse;
import org.rolescope.v1.SweepRun;
import org.rolescope.v1.SweepSource;
import org.rolescope.v1.Tap;
import org.rolescope.v1.Variant;

/** What must hold of sweeps whatever the model computes, bit for bit. */
@Timeout(300)
final class SweepIT {
  /** Prompts of a golden case that are equally long. */
  private static final int TARGET = 2;

  private static final int SOURCE = 3;

  private static final double ROUNDING_OF_RANGE = 2e-6;

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

  /** The stream may end a moment before the sweep has put everything away. */
  @AfterEach
  void nothingIsLeftOpen() {
    InferenceServer.awaitNothingOpen();
    assertThat(NativeHandles.open()).isZero();
  }

  static Stream<Arguments> models() {
    return InterventionCases.MODELS.stream()
        .flatMap(name -> Stream.of(Arguments.of(name, 1), Arguments.of(name, 2)));
  }

  @ParameterizedTest(name = "{0}, layers a stage: {1}")
  @MethodSource("models")
  void aVariantGivesWhatACaptureWithItsInterventionsGives(String name, int layersPerStage) {
    String model = name + "-" + layersPerStage;
    List<String> texts = GoldenCase.read(name).texts();
    List<Variant> variants = ablations(describe(model).getHeadSize());
    Swept swept = Swept.run(server, request(model, texts).addAllVariants(variants).build());
    assertThat(Swept.floats(swept.target()))
        .isEqualTo(captured(model, texts, Variant.getDefaultInstance()));
    for (int index = 0; index < variants.size(); index++) {
      assertThat(Swept.floats(swept.variant(index)))
          .as("variant %d", index)
          .isEqualTo(captured(model, texts, variants.get(index)))
          .isNotEqualTo(Swept.floats(swept.target()));
    }
  }

  @ParameterizedTest(name = "{0}, layers a stage: {1}")
  @MethodSource("models")
  void aRunPatchedWithItselfIsTheTargetRun(String name, int layersPerStage) {
    GoldenCase golden = GoldenCase.read(name);
    Swept swept =
        Swept.run(
            server,
            request(name + "-" + layersPerStage, golden.texts())
                .setSource(SweepSource.getDefaultInstance())
                .addAllVariants(everySite(golden.layers()))
                .build());
    assertThat(swept.source()).isEqualTo(swept.target());
    assertThat(swept.logits()).allSatisfy(run -> assertThat(run).isEqualTo(swept.target()));
  }

  /** Also with a single prompt: there the target has one row and the variants many. */
  @ParameterizedTest(name = "{0}, layers a stage: {1}")
  @MethodSource("models")
  void aSinglePromptPatchedWithItselfIsTheTargetRun(String name, int layersPerStage) {
    GoldenCase golden = GoldenCase.read(name);
    for (int prompt = 0; prompt < golden.texts().size(); prompt++) {
      Swept swept =
          Swept.run(
              server,
              request(name + "-" + layersPerStage, golden.texts().subList(prompt, prompt + 1))
                  .setSource(SweepSource.getDefaultInstance())
                  .addAllVariants(everySite(golden.layers()))
                  .build());
      assertThat(swept.logits()).allSatisfy(run -> assertThat(run).isEqualTo(swept.target()));
      assertRoundedOtherwise(
          name + "-" + layersPerStage, golden.texts().get(prompt), swept.target());
    }
  }

  @ParameterizedTest(name = "{0}, layers a stage: {1}")
  @MethodSource("models")
  void inHalfPrecisionTooARunPatchedWithItselfIsTheTargetRun(String name, int layersPerStage)
      throws IOException, InterruptedException {
    GoldenCase golden = GoldenCase.read(name);
    InferenceServer half =
        InferenceServer.start(models, new Execution(Device.CPU, ComputeType.FLOAT16));
    try {
      Swept swept =
          Swept.run(
              half,
              request(name + "-" + layersPerStage, golden.texts())
                  .setSource(SweepSource.getDefaultInstance())
                  .addAllVariants(everySite(golden.layers()))
                  .build());
      assertThat(swept.logits()).allSatisfy(run -> assertThat(run).isEqualTo(swept.target()));
    } finally {
      half.close();
    }
  }

  /** So the normalised recovery of such a patch is 1. */
  @ParameterizedTest(name = "{0}, layers a stage: {1}")
  @MethodSource("models")
  void theResidualStreamOfTheSourceGivesItsLogits(String name, int layersPerStage) {
    GoldenCase golden = GoldenCase.read(name);
    SweepRequest.Builder request = fromAnotherPrompt(name, layersPerStage);
    for (int layer = 0; layer < golden.layers(); layer++) {
      request.addVariants(variant(residual(layer, FROM_SOURCE)));
    }
    // All that layer 1 adds to the stream it finds.
    request.addVariants(
        variant(
            residual(0, FROM_SOURCE),
            heads(1, heads -> heads.setZ(FROM_SOURCE)),
            mlpFromSource(1)));
    Swept swept = Swept.run(server, request.build());
    assertThat(swept.source()).isNotEqualTo(swept.target());
    assertThat(swept.variant(golden.layers())).isEqualTo(swept.source());
    for (int layer = 0; layer < golden.layers(); layer++) {
      assertThat(swept.variant(layer)).as("layer %d", layer).isEqualTo(swept.source());
    }
  }

  @Test
  void messagesComeInTheOrderOfTheContract() {
    Swept swept =
        Swept.run(server, fromAnotherPrompt("gpt2", 1).addAllVariants(everyHead(2, 2)).build());
    assertThat(swept.started().getTarget().getPromptsCount()).isEqualTo(1);
    assertThat(swept.started().getTarget().getPrompts(0))
        .isNotEqualTo(swept.started().getSource().getPrompts(0));
    assertThat(swept.runs())
        .extracting(SweepLogits::getRun)
        .containsExactly(
            SweepRun.SWEEP_RUN_SOURCE,
            SweepRun.SWEEP_RUN_TARGET,
            SweepRun.SWEEP_RUN_VARIANT,
            SweepRun.SWEEP_RUN_VARIANT,
            SweepRun.SWEEP_RUN_VARIANT,
            SweepRun.SWEEP_RUN_VARIANT);
    assertThat(swept.runs()).extracting(SweepLogits::getVariant).containsExactly(0, 0, 0, 1, 2, 3);
    assertThat(swept.runs())
        .extracting(run -> run.getHeader().getTensorId())
        .containsExactly(0, 1, 2, 3, 4, 5);
    assertThat(swept.logits()).extracting(TensorView::name).containsOnly("logits");
    Swept without =
        Swept.run(
            server,
            request("gpt2-1", List.of("t5 t6"))
                .addVariants(variant(InterventionRequests.mlp(0, 0)))
                .build());
    assertThat(without.started().hasSource()).isFalse();
    assertThat(without.runs())
        .extracting(SweepLogits::getRun)
        .containsExactly(SweepRun.SWEEP_RUN_TARGET, SweepRun.SWEEP_RUN_VARIANT);
  }

  /** L layers of H heads: H (L + 1) / 2 passes, one of the target and one of the source. */
  @Test
  void aSweepOverEveryHeadCostsHalfOfItsVariants() {
    Model model = describe("qwen2-1");
    int layers = model.getLayerCount();
    int headCount = model.getHeadCount();
    List<String> texts = GoldenCase.read("qwen2").texts().subList(1, 5);
    SweepRequest request =
        request("qwen2-1", texts)
            .setSource(SweepSource.getDefaultInstance())
            .addAllVariants(everyHead(layers, headCount))
            .build();
    Swept swept = Swept.run(server, request);
    double passes = headCount * (layers + 1) / 2.0 + 2;
    assertThat(swept.ended().getForwardPasses()).isEqualTo(passes, within(1e-12));
    assertThat(swept.ended().getPromptBlocks())
        .isEqualTo(Math.round(passes * layers * texts.size()));
    assertThat(swept.ended().getBatches()).isBetween(9L, 60L);
  }

  /** With little memory, variants run one after the other, and the target goes on between them. */
  @ParameterizedTest(name = "{0}, layers a stage: {1}")
  @MethodSource("models")
  void variantsThatRunInGroupsGiveTheSameBytes(String name, int layersPerStage)
      throws IOException, InterruptedException {
    GoldenCase golden = GoldenCase.read(name);
    List<Variant> variants = new ArrayList<>(everySite(golden.layers()));
    SweepRequest sorted = fromAnotherPrompt(name, layersPerStage).addAllVariants(variants).build();
    Swept together = Swept.run(server, sorted);
    Collections.shuffle(variants, new Random(1));
    SweepRequest shuffled =
        fromAnotherPrompt(name, layersPerStage).addAllVariants(variants).build();
    InferenceServer small =
        InferenceServer.start(models, 1, new InterventionLimits(50, 1 << 20, 3500));
    try {
      Swept apart = Swept.run(small, sorted);
      assertThat(apart.logits()).isEqualTo(together.logits());
      assertThat(apart.ended().getBatches()).isGreaterThan(together.ended().getBatches());
      // What is saved when the target goes on instead of beginning anew.
      double more = apart.ended().getForwardPasses() - together.ended().getForwardPasses();
      assertThat(more).isBetween(0.0, 1.0);
      Swept anyOrder = Swept.run(small, shuffled);
      for (int index = 0; index < variants.size(); index++) {
        int before = sorted.getVariantsList().indexOf(variants.get(index));
        assertThat(anyOrder.variant(index)).isEqualTo(together.variant(before));
      }
    } finally {
      small.close();
    }
  }

  @Test
  void rowsThatShareABatchMayBeFew() {
    GoldenCase golden = GoldenCase.read("qwen2");
    SweepRequest request =
        request("qwen2-1", golden.texts())
            .setSource(SweepSource.getDefaultInstance())
            .addAllVariants(everySite(golden.layers()))
            .build();
    Swept many = Swept.run(server, request);
    Swept few = Swept.run(server, request.toBuilder().setMaxBatchRows(3).build());
    assertThat(few.logits()).isEqualTo(many.logits());
    assertThat(few.ended().getBatches()).isGreaterThan(many.ended().getBatches());
    assertThat(few.ended().getForwardPasses()).isEqualTo(many.ended().getForwardPasses());
  }

  @Test
  void aCancelledSweepLeavesNothingOpenAndTheServiceGoesOn() {
    GoldenCase golden = GoldenCase.read("gpt2");
    SweepRequest request =
        request("gpt2-2", Collections.nCopies(60, golden.texts().get(4)))
            .setSource(SweepSource.getDefaultInstance())
            .setMaxBatchRows(1)
            .addAllVariants(everyHead(2, 4))
            .build();
    for (int taken : new int[] {1, 3}) {
      Context.CancellableContext context = Context.current().withCancellation();
      context.run(
          () -> {
            Iterator<SweepResponse> messages = server.stub().sweep(request);
            IntStream.range(0, taken).forEach(_ -> messages.next());
            context.cancel(null);
            assertThatThrownBy(() -> messages.forEachRemaining(_ -> {}))
                .isInstanceOf(StatusRuntimeException.class);
          });
      nothingIsLeftOpen();
    }
    Swept after =
        Swept.run(server, fromAnotherPrompt("gpt2", 1).addAllVariants(everyHead(2, 2)).build());
    assertThat(after.logits()).hasSize(6);
  }

  private static SweepRequest.Builder fromAnotherPrompt(String name, int layersPerStage) {
    List<String> texts = GoldenCase.read(name).texts();
    return request(name + "-" + layersPerStage, List.of(texts.get(TARGET)))
        .setSource(SweepSource.newBuilder().addPrompts(texts.get(SOURCE)));
  }

  /**
   * Every prompt stands there twice: alone in a batch, its logits would be rounded otherwise, in
   * the last digit.
   */
  private static float[] captured(String model, List<String> texts, Variant variant) {
    CaptureRequest request =
        CaptureRequest.newBuilder()
            .setModel(model)
            .addAllPrompts(texts)
            .addAllPrompts(texts)
            .addTaps(Tap.TAP_LOGITS)
            .addAllInterventions(variant.getInterventionsList())
            .build();
    return Swept.captured(server.capture(request), texts.size());
  }

  /** A capture of a prompt alone differs from a sweep, but in its rounding only. */
  private static void assertRoundedOtherwise(String model, String text, TensorView swept) {
    CaptureRequest request =
        CaptureRequest.newBuilder()
            .setModel(model)
            .addPrompts(text)
            .addTaps(Tap.TAP_LOGITS)
            .build();
    float[] alone = Swept.captured(server.capture(request), 1);
    float[] sorted = alone.clone();
    Arrays.sort(sorted);
    double range = (double) sorted[sorted.length - 1] - sorted[0];
    assertThat(CapturedTensors.worstDifference(alone, swept.floats()) / range)
        .isLessThan(ROUNDING_OF_RANGE);
  }

  private static Model describe(String model) {
    return server.stub().getModel(GetModelRequest.newBuilder().setName(model).build()).getModel();
  }
}
