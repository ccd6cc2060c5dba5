package org.rolescope.inference.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.rolescope.inference.grpc.InterventionRequests.heads;
import static org.rolescope.inference.grpc.InterventionRequests.residual;
import static org.rolescope.inference.grpc.SweepRequests.FROM_SOURCE;
import static org.rolescope.inference.grpc.SweepRequests.request;
import static org.rolescope.inference.grpc.SweepRequests.variant;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.jetbrains.bio.npy.NpzFile;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.rolescope.inference.session.NativeHandles;
import org.rolescope.tensors.TensorView;
import org.rolescope.v1.Intervention;
import org.rolescope.v1.SweepRequest;
import org.rolescope.v1.SweepSource;
import org.rolescope.v1.TokenizedPrompt;

/**
 * Sweeps against hooks on Hugging Face transformers 4.57.3 (PyTorch 2.5.1, eager attention,
 * float32) that put what one run had into another; the scripts are in reference/interventions.
 */
@Timeout(300)
final class SweepGoldenIT {
  private static final double TOLERANCE_OF_RANGE = 1e-5;
  private static final Path PAIR = Path.of("src/test/resources/interventions/demo-pair");

  /** The prompt of a golden case that its patches come from. */
  private static final int SOURCE = 3;

  @TempDir static Path models;
  private static InferenceServer server;

  @BeforeAll
  static void start() throws IOException {
    InterventionCases.export(models);
    DemoBundles.export(models);
    server = InferenceServer.start(models);
  }

  @AfterAll
  static void stop() throws InterruptedException {
    server.close();
    assertThat(NativeHandles.open()).isZero();
    assertThat(NativeHandles.resident()).isZero();
  }

  static Stream<Arguments> models() {
    return InterventionCases.MODELS.stream()
        .flatMap(name -> Stream.of(Arguments.of(name, 1), Arguments.of(name, 2)));
  }

  /** A patch from another prompt where the case has one; else an ablation. */
  @ParameterizedTest(name = "{0}, layers a stage: {1}")
  @MethodSource("models")
  void variantsEqualHooks(String name, int layersPerStage) {
    List<String> texts = GoldenCase.read(name).texts();
    double worst = 0;
    try (InterventionCases cases = InterventionCases.read(name)) {
      for (int prompt : cases.prompts()) {
        List<Integer> chosen = cases.on(prompt);
        boolean equallyLong = prompt == SOURCE - 1;
        SweepRequest.Builder request =
            request(name + "-" + layersPerStage, List.of(texts.get(prompt)))
                .setSource(
                    SweepSource.newBuilder().addPrompts(texts.get(equallyLong ? SOURCE : prompt)));
        chosen.forEach(index -> request.addVariants(variant(cases.fromSource(index))));
        Swept swept = Swept.run(server, request.build());
        for (int index = 0; index < chosen.size(); index++) {
          float[] expected = cases.logits(chosen.get(index));
          worst = Math.max(worst, difference(expected, swept.variant(index), 0));
        }
      }
    }
    report(name + "-" + layersPerStage, worst);
  }

  /** What the instruct model has in one place, put into the base model. */
  @ParameterizedTest
  @ValueSource(strings = {"base", "base-three-layers-a-stage"})
  void patchesFromAnotherModelEqualHooks(String target) throws IOException {
    JsonNode json = new ObjectMapper().readTree(PAIR.resolve("cases.json").toFile());
    List<String> prompts = new ArrayList<>();
    json.get("prompts").forEach(prompt -> prompts.add(prompt.asText()));
    SweepRequest.Builder request =
        request(target, prompts).setSource(SweepSource.newBuilder().setModel("instruct"));
    json.get("cases").forEach(one -> request.addVariants(variant(intervention(one))));
    Swept swept = Swept.run(server, request.build());
    assertThat(swept.started().getSource().getModel().getName()).isEqualTo("instruct");
    for (int prompt = 0; prompt < prompts.size(); prompt++) {
      List<Long> ids = new ArrayList<>();
      json.get("ids").get(prompt).forEach(id -> ids.add(id.asLong()));
      TokenizedPrompt tokens = swept.started().getTarget().getPrompts(prompt);
      assertThat(tokens.getTokenIdsList()).isEqualTo(ids);
    }
    try (NpzFile.Reader arrays = NpzFile.read(PAIR.resolve("expected.npz"))) {
      double worst =
          Math.max(
              difference(arrays, "source", swept.source()),
              difference(arrays, "target", swept.target()));
      for (int index = 0; index < request.getVariantsCount(); index++) {
        worst = Math.max(worst, difference(arrays, "case" + index, swept.variant(index)));
      }
      report("instruct into " + target, worst);
    }
  }

  private static Intervention intervention(JsonNode json) {
    int layer = json.get("layer").asInt();
    List<Integer> chosen = new ArrayList<>();
    json.path("heads").forEach(head -> chosen.add(head.asInt()));
    return switch (json.get("site").asText()) {
      case "z" -> heads(layer, heads -> heads.addAllHeads(chosen).setZ(FROM_SOURCE));
      case "pattern" -> heads(layer, heads -> heads.addAllHeads(chosen).setPattern(FROM_SOURCE));
      case "mlp" -> SweepRequests.mlpFromSource(layer);
      case "resid_post" -> residual(layer, FROM_SOURCE);
      default -> throw new IllegalArgumentException("unknown case " + json);
    };
  }

  private static double difference(NpzFile.Reader arrays, String name, TensorView actual) {
    float[] all = arrays.get(name, Integer.MAX_VALUE).asFloatArray();
    int width = all.length / actual.promptIndices().size();
    double worst = 0;
    for (int prompt = 0; prompt < actual.promptIndices().size(); prompt++) {
      float[] expected = new float[width];
      System.arraycopy(all, prompt * width, expected, 0, width);
      worst = Math.max(worst, difference(expected, actual, prompt));
    }
    return worst;
  }

  /** Largest difference, as a part of the range of what is expected. */
  private static double difference(float[] expected, TensorView actual, int prompt) {
    double low = Double.POSITIVE_INFINITY;
    double high = Double.NEGATIVE_INFINITY;
    for (float value : expected) {
      low = Math.min(low, value);
      high = Math.max(high, value);
    }
    return CapturedTensors.worstDifference(expected, actual.floatsOf(prompt)) / (high - low);
  }

  private static void report(String what, double worst) {
    System.out.printf(Locale.ROOT, "SweepGoldenIT %s: worst difference %.1e%n", what, worst);
    assertThat(worst).as(what).isLessThan(TOLERANCE_OF_RANGE);
  }
}
