package org.rolescope.inference.forward;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.rolescope.fault.FaultCode;
import org.rolescope.fault.RolescopeException;
import org.rolescope.inference.session.ModelResidency;
import org.rolescope.inference.session.NativeHandles;
import org.rolescope.inference.testing.SyntheticCheckpoint;
import org.rolescope.inference.tokenizer.TokenizedPrompt;
import org.rolescope.tensors.DType;
import org.rolescope.tensors.TensorView;
import org.rolescope.tensors.bundle.BundleManifest;
import org.rolescope.tensors.bundle.Stage;
import org.rolescope.tensors.bundle.StageWeight;
import org.rolescope.tensors.bundle.json.ManifestJson;

/** What a pass gives does not depend on where its weights are, and it leaves nothing behind. */
@Timeout(300)
final class ResidencyIT {
  private static final long ALL = 1L << 30;
  private static final long NONE = 1;

  /** Holds a few of the six stages of a synthetic model beside what streaming the others takes. */
  private static final long SOME = 1_000_000;

  private static final PassLimits LIMITS = new PassLimits(32, 64 << 20);
  private static final CaptureSelection EVERYTHING =
      new CaptureSelection(
          Set.of("value_norm", "pattern", "z", "resid_post", "logits"),
          0,
          SyntheticCheckpoint.LAYERS - 1);

  @TempDir private Path folder;

  @AfterEach
  void nothingIsLeftOpen() {
    assertThat(NativeHandles.open()).isZero();
    assertThat(NativeHandles.resident()).isZero();
  }

  @ParameterizedTest
  @EnumSource(
      value = DType.class,
      names = {"F32", "F16", "BF16"})
  void streamedResidentAndRepeatedPassesGiveEqualBytes(DType type) throws IOException {
    Path bundle = new SyntheticCheckpoint(type).export(folder, "model", 1);
    List<TensorView> streamed = new ArrayList<>();
    try (ModelResidency residency = new ModelResidency(NONE)) {
      PassReport report = run(residency, bundle, LIMITS, streamed::add);
      assertThat(report.stages().stream().filter(StageReport::resident))
          .extracting(stage -> stage.stage().kind())
          .containsExactly(Stage.Kind.EMBED);
      assertThat(residency.reservedBytes()).isZero();
    }
    for (long budget : new long[] {SOME, ALL}) {
      try (ModelResidency residency = new ModelResidency(budget)) {
        for (int repeat = 0; repeat < 3; repeat++) {
          List<TensorView> tensors = new ArrayList<>();
          run(residency, bundle, LIMITS, tensors::add);
          assertThat(tensors).isEqualTo(streamed);
        }
      }
    }
  }

  @Test
  void aResidentModelIsReadOnce() throws IOException {
    Path bundle = new SyntheticCheckpoint(DType.BF16).export(folder, "model", 1);
    try (ModelResidency residency = new ModelResidency(ALL)) {
      PassReport first = run(residency, bundle, LIMITS, _ -> {});
      PassReport second = run(residency, bundle, LIMITS, _ -> {});
      assertThat(first.readBytes()).isPositive();
      assertThat(first.readNanos()).isPositive();
      assertThat(second.readBytes()).isZero();
      assertThat(second.stages()).allMatch(StageReport::resident);
      assertThat(second.runNanos()).isPositive();
      assertThat(residency.reservedBytes()).isPositive().isLessThan(ALL);
    }
  }

  @Test
  void whatFitsBesideStreamingStaysAndTheRestIsStreamed() throws IOException {
    Path bundle = new SyntheticCheckpoint(DType.BF16).export(folder, "model", 1);
    try (ModelResidency residency = new ModelResidency(SOME)) {
      run(residency, bundle, LIMITS, _ -> {});
      PassReport second = run(residency, bundle, LIMITS, _ -> {});
      assertThat(second.stages()).anyMatch(StageReport::resident);
      assertThat(second.stages()).anyMatch(stage -> !stage.resident());
      assertThat(second.stages().getLast().load().readBytes()).isPositive();
      assertThat(residency.reservedBytes()).isBetween(1L, SOME);
    }
  }

  @ParameterizedTest
  @CsvSource({"1, 1", "2, 7", "6, 32", "1, 7", "6, 1"})
  void stagesAndBatchesDoNotMatter(int layersPerStage, int maxPrompts) throws IOException {
    SyntheticCheckpoint checkpoint = new SyntheticCheckpoint(DType.BF16);
    Path whole = checkpoint.export(folder, "whole", 1);
    Path other = checkpoint.export(folder, "other", layersPerStage);
    try (ModelResidency large = new ModelResidency(0);
        ModelResidency small = new ModelResidency(NONE)) {
      Map<String, float[]> expected = byPrompt(large, whole, LIMITS);
      Map<String, float[]> actual = byPrompt(small, other, new PassLimits(maxPrompts, 64 << 20));
      assertThat(actual.keySet()).isEqualTo(expected.keySet());
      expected.forEach((key, values) -> assertClose(key, values, actual.get(key)));
    }
  }

  @Test
  void passesAtOnceShareAModel() throws Exception {
    Path bundle = new SyntheticCheckpoint(DType.BF16).export(folder, "model", 1);
    for (long budget : new long[] {NONE, SOME, ALL}) {
      try (ModelResidency residency = new ModelResidency(budget);
          ExecutorService passes = Executors.newFixedThreadPool(4)) {
        List<Future<List<TensorView>>> running = new ArrayList<>();
        for (int pass = 0; pass < 8; pass++) {
          running.add(
              passes.submit(
                  () -> {
                    List<TensorView> tensors = new ArrayList<>();
                    run(residency, bundle, LIMITS, tensors::add);
                    return tensors;
                  }));
        }
        List<TensorView> first = running.getFirst().get();
        for (Future<List<TensorView>> pass : running) {
          assertThat(pass.get()).isEqualTo(first);
        }
      }
    }
  }

  @Test
  void theModelUsedLongestAgoMakesRoomAndOneInUseDoesNot() throws IOException {
    SyntheticCheckpoint checkpoint = new SyntheticCheckpoint(DType.BF16);
    Path first = checkpoint.export(folder, "first", 1);
    Path second = checkpoint.export(folder, "second", 1);
    long oneModel = reservedBytes(first);
    try (ModelResidency residency = new ModelResidency(oneModel + oneModel / 2)) {
      run(residency, first, LIMITS, _ -> {});
      run(residency, second, LIMITS, _ -> {});
      assertThat(run(residency, second, LIMITS, _ -> {}).readBytes()).isZero();
      assertThat(run(residency, first, LIMITS, _ -> {}).readBytes()).isPositive();
      AtomicInteger nested = new AtomicInteger();
      run(
          residency,
          first,
          LIMITS,
          _ -> {
            if (nested.getAndIncrement() == 0) {
              assertThat(run(residency, second, LIMITS, _ -> {}).readBytes()).isPositive();
            }
          });
      assertThat(residency.reservedBytes()).isLessThanOrEqualTo(residency.budgetBytes());
      assertThat(run(residency, first, LIMITS, _ -> {}).readBytes()).isZero();
    }
  }

  @Test
  void closingWaitsForThePassThatUsesAModel() throws IOException {
    Path bundle = new SyntheticCheckpoint(DType.BF16).export(folder, "model", 1);
    ModelResidency residency = new ModelResidency(ALL);
    run(residency, bundle, LIMITS, _ -> residency.close());
    assertThatThrownBy(() -> run(residency, bundle, LIMITS, _ -> {}))
        .isInstanceOfSatisfying(
            RolescopeException.class,
            fault -> assertThat(fault.code()).isEqualTo(FaultCode.UNAVAILABLE));
  }

  @ParameterizedTest
  @ValueSource(longs = {NONE, SOME, ALL})
  void fiftyPassesHoldNoMoreThanOne(long budget) throws IOException {
    Path bundle = new SyntheticCheckpoint(DType.BF16).export(folder, "model", 1);
    try (ModelResidency residency = new ModelResidency(budget)) {
      run(residency, bundle, LIMITS, _ -> {});
      int resident = NativeHandles.resident();
      for (int repeat = 0; repeat < 50; repeat++) {
        run(residency, bundle, LIMITS, _ -> {});
        assertThat(NativeHandles.open()).isZero();
        assertThat(NativeHandles.resident()).isEqualTo(resident);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {NONE, SOME, ALL})
  void aPassCancelledAnywhereLeavesNothing(long budget) throws IOException {
    Path bundle = new SyntheticCheckpoint(DType.BF16).export(folder, "model", 1);
    for (int after = 0; after < 20; after += 3) {
      AtomicInteger left = new AtomicInteger(after);
      try (ModelResidency residency = new ModelResidency(budget)) {
        assertThatThrownBy(
                () ->
                    pass(residency, bundle)
                        .run(
                            prompts(),
                            EVERYTHING,
                            LIMITS,
                            _ -> {},
                            () -> left.getAndDecrement() == 0))
            .isInstanceOfSatisfying(
                RolescopeException.class,
                fault -> assertThat(fault.code()).isEqualTo(FaultCode.CANCELLED));
        assertThat(NativeHandles.open()).isZero();
      }
    }
  }

  @Test
  void aSinkThatFailsLeavesNothing() throws IOException {
    Path bundle = new SyntheticCheckpoint(DType.F32).export(folder, "model", 2);
    try (ModelResidency residency = new ModelResidency(NONE)) {
      assertThatThrownBy(
              () ->
                  run(
                      residency,
                      bundle,
                      LIMITS,
                      _ -> {
                        throw new IllegalStateException("full");
                      }))
          .hasMessage("full");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "model.layers.3.mlp.up_proj.weight, BF16",
    "model.layers.0.input_layernorm.weight, F16",
    "model.layers.5.self_attn.o_proj.weight, F32",
    "lm_head.weight, BF16",
    "model.embed_tokens.weight, F32"
  })
  void aWeightThatIsNotFiniteIsNamed(String tensor, DType type) throws IOException {
    Path bundle = new SyntheticCheckpoint(type).export(folder, "model", 1);
    makeLastElementNaN(bundle, tensor);
    for (long budget : new long[] {NONE, ALL}) {
      assertFault(budget, bundle, "The tensor " + tensor + " holds NaN or infinity");
    }
  }

  @Test
  void aDamagedStageInTheMiddleIsNamed() throws IOException {
    Path bundle = new SyntheticCheckpoint(DType.BF16).export(folder, "model", 1);
    Path stage = bundle.resolve(ManifestJson.read(bundle).stages().get(4).file());
    byte[] whole = Files.readAllBytes(stage);
    Files.write(stage, Arrays.copyOf(whole, whole.length / 2));
    assertFault(NONE, bundle, "is damaged");
    assertFault(ALL, bundle, "is damaged");
  }

  @Test
  void aWeightFileCutWhileItIsReadIsNamed() throws IOException {
    Path bundle = new SyntheticCheckpoint(DType.BF16).export(folder, "model", 1);
    Path weights = bundle.resolve(ManifestJson.read(bundle).weightFiles().getFirst().file());
    try (ModelResidency residency = new ModelResidency(NONE)) {
      assertThatThrownBy(() -> run(residency, bundle, LIMITS, _ -> cut(weights)))
          .isInstanceOfSatisfying(
              RolescopeException.class,
              fault -> assertThat(fault.code()).isEqualTo(FaultCode.MALFORMED_MODEL))
          .hasMessageContaining("ends at byte")
          .hasMessageContaining("inside the tensor");
    }
    assertFault(NONE, bundle, "at export it had");
  }

  @Test
  void aGraphThatAsksForAnUnknownInputIsRefused() throws IOException {
    Path bundle = new SyntheticCheckpoint(DType.BF16).export(folder, "model", 1);
    Path stage = bundle.resolve(ManifestJson.read(bundle).stages().get(2).file());
    ModelProto.Builder graph = ModelProto.parseFrom(Files.readAllBytes(stage)).toBuilder();
    ValueInfoProto mask =
        graph.getGraph().getInputList().stream()
            .filter(input -> input.getName().equals("mask"))
            .findFirst()
            .orElseThrow();
    graph.getGraphBuilder().addInput(mask.toBuilder().setName("dark_mask"));
    Files.write(stage, graph.build().toByteArray());
    assertFault(NONE, bundle, "asks for the input dark_mask");
  }

  @Test
  void theListenerHearsEveryStageInOrder() throws IOException {
    Path bundle = new SyntheticCheckpoint(DType.BF16).export(folder, "model", 2);
    List<StageReport> heard = new ArrayList<>();
    try (ModelResidency residency = new ModelResidency(NONE)) {
      PassReport report =
          pass(residency, bundle)
              .withListener(heard::add)
              .run(prompts(), EVERYTHING, LIMITS, _ -> {}, () -> false);
      assertThat(heard).isEqualTo(report.stages()).hasSize(1 + SyntheticCheckpoint.LAYERS / 2 + 1);
      assertThat(report.totalNanos()).isGreaterThan(report.runNanos());
    }
  }

  private void assertFault(long budget, Path bundle, String sentence) {
    try (ModelResidency residency = new ModelResidency(budget)) {
      assertThatThrownBy(() -> run(residency, bundle, LIMITS, _ -> {}))
          .isInstanceOfSatisfying(
              RolescopeException.class,
              fault -> assertThat(fault.code()).isEqualTo(FaultCode.MALFORMED_MODEL))
          .hasMessageContaining(sentence);
    }
    assertThat(NativeHandles.open()).isZero();
  }

  /** All bits set is NaN in every type. */
  private static void makeLastElementNaN(Path bundle, String tensor) throws IOException {
    BundleManifest manifest = ManifestJson.read(bundle);
    StageWeight weight =
        manifest.stages().stream()
            .flatMap(stage -> stage.weights().stream())
            .filter(candidate -> candidate.name().equals(tensor))
            .findFirst()
            .orElseThrow();
    Path file = bundle.resolve(manifest.weightFiles().get(weight.file()).file());
    byte[] bits = new byte[weight.dataType().sizeBytes()];
    Arrays.fill(bits, (byte) 0xff);
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      long end = weight.offsetBytes() + weight.sizeBytes();
      channel.write(ByteBuffer.wrap(bits), end - bits.length);
    }
  }

  private static void cut(Path file) {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      channel.truncate(channel.size() / 2);
    } catch (IOException failed) {
      throw new IllegalStateException(failed);
    }
  }

  private static long reservedBytes(Path bundle) {
    try (ModelResidency residency = new ModelResidency(ALL)) {
      run(residency, bundle, LIMITS, _ -> {});
      return residency.reservedBytes();
    }
  }

  private static ForwardPass pass(ModelResidency residency, Path bundle) {
    BundleManifest manifest = ManifestJson.read(bundle);
    return new ForwardPass(residency, bundle, manifest);
  }

  private static PassReport run(
      ModelResidency residency, Path bundle, PassLimits limits, Consumer<TensorView> sink) {
    return pass(residency, bundle).run(prompts(), EVERYTHING, limits, sink, () -> false);
  }

  /** Prompts of 1 to 9 tokens; the last token of the vocabulary is among them. */
  private static List<TokenizedPrompt> prompts() {
    Random random = new Random(3);
    List<TokenizedPrompt> prompts = new ArrayList<>();
    for (int prompt = 0; prompt < 27; prompt++) {
      List<Long> ids = new ArrayList<>();
      ids.add((long) SyntheticCheckpoint.VOCABULARY - 1);
      while (ids.size() <= prompt % 9) {
        ids.add(random.nextLong(SyntheticCheckpoint.VOCABULARY));
      }
      prompts.add(new TokenizedPrompt(ids, Collections.nCopies(ids.size(), "t")));
    }
    return prompts;
  }

  private static Map<String, float[]> byPrompt(
      ModelResidency residency, Path bundle, PassLimits limits) {
    Map<String, float[]> values = new TreeMap<>();
    run(
        residency,
        bundle,
        limits,
        tensor -> {
          for (int index = 0; index < tensor.promptIndices().size(); index++) {
            FloatBuffer floats = tensor.floatsOf(index);
            float[] copy = new float[floats.remaining()];
            floats.get(copy);
            values.put(
                "%s %s prompt %d"
                    .formatted(tensor.name(), tensor.layer(), tensor.promptIndices().get(index)),
                copy);
          }
        });
    return values;
  }

  /** Equal to 1e-6 of the range of the tensor, or of 1 where it is smaller. */
  private static void assertClose(String what, float[] expected, float[] actual) {
    assertThat(actual.length).isEqualTo(expected.length);
    float low = 0;
    float high = 0;
    float worst = 0;
    for (int index = 0; index < expected.length; index++) {
      low = Math.min(low, expected[index]);
      high = Math.max(high, expected[index]);
      worst = Math.max(worst, Math.abs(expected[index] - actual[index]));
    }
    assertThat(worst / Math.max(1, high - low)).as(what).isLessThan(1e-6f);
  }
}
