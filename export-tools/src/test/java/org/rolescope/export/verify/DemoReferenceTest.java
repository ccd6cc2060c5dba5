package org.rolescope.export.verify;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.DoubleBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.rolescope.export.testing.DemoModels;

/**
 * The forward pass against the reference arrays of the demo models, which a separate float64 pass
 * made and which are stored as float32 ({@code examples/demo-models/reference}).
 */
class DemoReferenceTest {
  private static final int LAYERS = 6;
  private static final double TOLERANCE = 1e-6;

  @ParameterizedTest
  @ValueSource(strings = {"base", "instruct"})
  void everyPatternAndTheLogitsAreThoseOfTheReference(String model) {
    Path snapshot = DemoModels.snapshot(model);
    List<List<Long>> prompts =
        IntStream.range(0, DemoModels.PROMPTS)
            .mapToObj(prompt -> Arrays.stream(DemoModels.ids(model, prompt)).boxed().toList())
            .toList();
    ReferencePass pass =
        new ReferencePass(
            ReferenceModel.open(
                snapshot.resolve("config.json"), List.of(snapshot.resolve("model.safetensors"))),
            prompts);
    for (int layer = 0; layer < LAYERS; layer++) {
      for (int prompt = 0; prompt < DemoModels.PROMPTS; prompt++) {
        float[] expected = DemoModels.pattern(model, prompt, layer);
        assertEquals(
            0, maxError(expected, pass.pattern(layer, prompt)), TOLERANCE, "layer " + layer);
      }
    }
    for (int prompt = 0; prompt < DemoModels.PROMPTS; prompt++) {
      float[] expected = DemoModels.logits(model, prompt);
      double error = maxError(expected, pass.logits(prompt)) / DemoModels.range(expected);
      assertTrue(error <= TOLERANCE, "logits differ by " + error + " of their range");
    }
  }

  private static double maxError(float[] expected, ReferenceTensor actual) {
    DoubleBuffer values = actual.values();
    assertEquals(expected.length, values.remaining());
    double largest = 0;
    for (float value : expected) {
      largest = Math.max(largest, Math.abs(value - values.get()));
    }
    return largest;
  }
}
