package org.rolescope.inference.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.rolescope.export.ExportRequest;
import org.rolescope.export.Exporter;
import org.rolescope.export.WeightLinker;
import org.rolescope.inference.grpc.InferenceServer.Captured;
import org.rolescope.tensors.bundle.Stage;
import org.rolescope.v1.CaptureRequest;
import org.rolescope.v1.CaptureStarted;
import org.rolescope.v1.Tap;
import org.rolescope.v1.TokenizedPrompt;

/**
 * Every architecture and option through export, ONNX Runtime and gRPC, against arrays of Hugging
 * Face transformers 4.57.3 (PyTorch 2.5.1, eager attention, float32). A case is a folder below
 * src/test/resources/golden; reference/golden/README.md says how they were made.
 */
@Timeout(300)
final class GoldenIT {
  /** So little that every vocabulary is cut into several stages. */
  private static final long SMALL_UNEMBEDDING_BYTES = 8 << 10;

  @TempDir static Path models;
  private static InferenceServer server;

  @BeforeAll
  static void start() throws IOException {
    server = InferenceServer.start(models);
  }

  @AfterAll
  static void stop() throws InterruptedException {
    server.close();
  }

  static Stream<Arguments> cases() {
    return GoldenCase.names().stream()
        .flatMap(name -> Stream.of(Arguments.of(name, 1), Arguments.of(name, 2)));
  }

  static Stream<String> names() {
    return GoldenCase.names().stream();
  }

  @Test
  void everyFamilyHasCases() {
    assertThat(GoldenCase.names())
        .extracting(name -> name.split("-")[0])
        .contains("llama", "mistral", "qwen2", "qwen3", "gpt2");
  }

  @ParameterizedTest(name = "{0}, layers a stage: {1}")
  @MethodSource("cases")
  void activationsEqualThoseOfTransformers(String name, int layersPerStage) {
    GoldenCase golden = GoldenCase.read(name);
    String model = name + "-" + layersPerStage;
    new Exporter()
        .export(new ExportRequest(golden.folder(), models.resolve(model), layersPerStage, false));
    compare(golden, model);
  }

  @ParameterizedTest(name = "{0}, vocabulary cut")
  @MethodSource("names")
  void activationsEqualThoseOfTransformersWhenTheVocabularyIsCut(String name) {
    GoldenCase golden = GoldenCase.read(name);
    String model = name + "-cut";
    long parts =
        new Exporter(WeightLinker.HARD_LINK, SMALL_UNEMBEDDING_BYTES)
                .export(new ExportRequest(golden.folder(), models.resolve(model), 2, false))
                .manifest()
                .stages()
                .stream()
                .filter(stage -> stage.kind() == Stage.Kind.UNEMBED)
                .count();
    assertThat(parts).isGreaterThan(2);
    compare(golden, model);
  }

  private static void compare(GoldenCase golden, String model) {
    Captured captured = server.capture(request(model, golden.texts()));
    assertThat(tokenIds(captured.started())).isEqualTo(golden.tokenIds());
    try (GoldenArrays expected = golden.expected()) {
      assertThat(expected.names()).hasSize(golden.texts().size() * (4 * golden.layers() + 1));
      GoldenComparison comparison = GoldenComparison.of(expected, captured);
      System.out.printf("GoldenIT %s: worst differences %s%n", model, comparison);
      assertThat(comparison.firstBeyondTolerance()).as(model).isEmpty();
    }
  }

  private static CaptureRequest request(String model, List<String> prompts) {
    return CaptureRequest.newBuilder()
        .setModel(model)
        .addAllPrompts(prompts)
        .addTaps(Tap.TAP_VALUE_NORM)
        .addTaps(Tap.TAP_PATTERN)
        .addTaps(Tap.TAP_Z)
        .addTaps(Tap.TAP_RESID_POST)
        .addTaps(Tap.TAP_LOGITS)
        .build();
  }

  private static List<List<Long>> tokenIds(CaptureStarted started) {
    return IntStream.range(0, started.getPromptsCount())
        .mapToObj(started::getPrompts)
        .map(TokenizedPrompt::getTokenIdsList)
        .toList();
  }
}
