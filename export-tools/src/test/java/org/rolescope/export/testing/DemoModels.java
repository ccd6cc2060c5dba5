package org.rolescope.export.testing;

import java.nio.file.Path;
import java.util.Arrays;
import org.jetbrains.bio.npy.NpyArray;
import org.jetbrains.bio.npy.NpyFile;

/** The trained demo pair and its reference arrays; see {@code examples/demo-models/CARD.md}. */
public final class DemoModels {
  /** Prompts in the reference of each model. */
  public static final int PROMPTS = 6;

  private static final Path FOLDER = Path.of("..", "examples", "demo-models").toAbsolutePath();

  private DemoModels() {}

  /** Snapshot folder of {@code base} or {@code instruct}. */
  public static Path snapshot(String model) {
    return FOLDER.resolve(model).normalize();
  }

  /** Token ids of a reference prompt, [pos]. */
  public static long[] ids(String model, int prompt) {
    return read(model, prompt, "ids.npy").asLongArray();
  }

  /** Reference attention pattern, [head, query_pos, key_pos]. */
  public static float[] pattern(String model, int prompt, int layer) {
    return read(model, prompt, "attention_layer_" + layer + ".npy").asFloatArray();
  }

  /** Reference logits of the last position, [vocab]. */
  public static float[] logits(String model, int prompt) {
    return read(model, prompt, "logits.npy").asFloatArray();
  }

  /** Largest minus smallest value. */
  public static double range(float[] values) {
    float[] sorted = values.clone();
    Arrays.sort(sorted);
    return (double) sorted[sorted.length - 1] - sorted[0];
  }

  /** Largest absolute difference of two arrays of the same length. */
  public static double maxError(float[] expected, float[] actual) {
    if (expected.length != actual.length) {
      throw new IllegalArgumentException(
          "%d values are expected but there are %d".formatted(expected.length, actual.length));
    }
    double error = 0;
    for (int i = 0; i < expected.length; i++) {
      double difference = Math.abs((double) expected[i] - actual[i]);
      error = Double.isNaN(difference) ? Double.NaN : Math.max(error, difference);
    }
    return error;
  }

  private static NpyArray read(String model, int prompt, String name) {
    Path file = FOLDER.resolve("reference").resolve(model).resolve("prompt_" + prompt);
    return NpyFile.read(file.resolve(name), Integer.MAX_VALUE);
  }
}
