package org.rolescope.export;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.rolescope.export.testing.DemoModels.maxError;

import ai.onnxruntime.OrtException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.rolescope.export.testing.DemoModels;
import org.rolescope.export.testing.SafetensorsBytes;
import org.rolescope.export.testing.SnapshotCopy;
import org.rolescope.export.testing.StageChain;

/**
 * The exported stages, run in plain ONNX Runtime, against the reference arrays of the demo models,
 * which an independent float64 forward pass made ({@code examples/demo-models/reference}).
 */
class ParityTest {
  private static final int LAYERS = 6;

  /** Absolute. */
  private static final double PATTERN_TOLERANCE = 1e-5;

  /** Relative to the range of the logits. */
  private static final double LOGITS_TOLERANCE = 1e-4;

  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"base", "instruct"})
  void everyPatternAndTheLogitsMatchTheReference(String model) throws OrtException {
    StageChain chain = chain(ExportRequest.of(DemoModels.snapshot(model), bundle()));
    double patternError = 0;
    double logitsError = 0;
    for (int prompt = 0; prompt < DemoModels.PROMPTS; prompt++) {
      Map<String, float[]> taps = chain.run(new long[][] {DemoModels.ids(model, prompt)});
      patternError = Math.max(patternError, patternError(model, prompt, taps));
      logitsError = Math.max(logitsError, logitsError(model, prompt, taps));
    }
    System.out.printf(
        "parity %s: pattern %.2e, logits %.2e of their range%n", model, patternError, logitsError);
    assertTrue(patternError <= PATTERN_TOLERANCE, "pattern differs by " + patternError);
    assertTrue(logitsError <= LOGITS_TOLERANCE, "logits differ by " + logitsError);
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 4, 100})
  void severalLayersInAStageGiveTheSameTaps(int layersPerStage) throws OrtException {
    ExportRequest request = ExportRequest.of(DemoModels.snapshot("base"), bundle());
    long[][] ids = {DemoModels.ids("base", 0)};
    Map<String, float[]> expected = chain(request).run(ids);
    Path other = folder.resolve("other");
    Map<String, float[]> actual =
        chain(new ExportRequest(request.snapshot(), other, layersPerStage, false)).run(ids);
    assertEquals(expected.keySet(), actual.keySet());
    assertEquals(3 * LAYERS + 1, actual.size());
    expected.forEach(
        (tap, values) -> assertEquals(0, maxError(values, actual.get(tap)), 1e-5, tap));
  }

  @Test
  void promptsOfABatchDoNotMeet() throws OrtException {
    StageChain chain = chain(ExportRequest.of(DemoModels.snapshot("base"), bundle()));
    long[] first = DemoModels.ids("base", 0);
    long[] second = IntStream.range(0, first.length).mapToLong(i -> 7L * i + 5).toArray();
    Map<String, float[]> both = chain.run(new long[][] {first, second});
    Map<String, float[]> alone = chain.run(new long[][] {second});
    alone.forEach(
        (tap, values) -> {
          float[] pair = both.get(tap);
          assertEquals(2 * values.length, pair.length);
          float[] half = Arrays.copyOfRange(pair, values.length, pair.length);
          assertEquals(0, maxError(values, half), 1e-5, tap);
        });
  }

  @ParameterizedTest
  @CsvSource({"F32, 1e-5, 1e-4", "F16, 1e-2, 1e-2"})
  void otherTypesAndUntiedEmbeddingsAgree(String type, double patterns, double logits)
      throws IOException, OrtException {
    SnapshotCopy snapshot = SnapshotCopy.in(folder);
    Path file = snapshot.file("model.safetensors");
    Map<String, SafetensorsBytes.Tensor> tensors = SafetensorsBytes.read(file);
    tensors.replaceAll((name, tensor) -> tensor.widened(type));
    tensors.put("lm_head.weight", tensors.get("model.embed_tokens.weight"));
    Files.delete(file);
    SafetensorsBytes.write(file, tensors);
    snapshot.configure("\"tie_word_embeddings\": true", "\"tie_word_embeddings\": false");
    Map<String, float[]> taps =
        chain(ExportRequest.of(snapshot.folder(), bundle()))
            .run(new long[][] {DemoModels.ids("base", 1)});
    assertEquals(0, patternError("base", 1, taps), patterns);
    assertEquals(0, logitsError("base", 1, taps), logits);
  }

  @Test
  void injectedWeightsServeWhereThereIsNoLink() throws OrtException {
    WeightLinker none =
        (link, existing) -> {
          throw new UnsupportedOperationException();
        };
    ExportedBundle bundle =
        new Exporter(none).export(ExportRequest.of(DemoModels.snapshot("instruct"), bundle()));
    Map<String, float[]> taps =
        StageChain.injecting(bundle.folder(), bundle.manifest())
            .run(new long[][] {DemoModels.ids("instruct", 2)});
    assertEquals(0, patternError("instruct", 2, taps), PATTERN_TOLERANCE);
    assertEquals(0, logitsError("instruct", 2, taps), LOGITS_TOLERANCE);
  }

  private Path bundle() {
    return folder.resolve("bundle");
  }

  private static StageChain chain(ExportRequest request) {
    ExportedBundle bundle = new Exporter().export(request);
    return StageChain.of(bundle.folder(), bundle.manifest());
  }

  private static double patternError(String model, int prompt, Map<String, float[]> taps) {
    return IntStream.range(0, LAYERS)
        .mapToDouble(
            layer ->
                maxError(DemoModels.pattern(model, prompt, layer), taps.get("pattern." + layer)))
        .reduce(0, Math::max);
  }

  private static double logitsError(String model, int prompt, Map<String, float[]> taps) {
    float[] expected = DemoModels.logits(model, prompt);
    return maxError(expected, taps.get("logits")) / DemoModels.range(expected);
  }
}
