package org.rolescope.metrics.entropy;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.rolescope.metrics.testing.Golden;
import org.rolescope.metrics.testing.Patterns;
import org.rolescope.metrics.testing.PlainEntropy;
import org.rolescope.metrics.testing.Tolerance;

/** Golden values: golden/entropy.json, NumPy 1.26.4 and SciPy 1.14.1. */
final class EntropyGoldenTest {
  private static final JsonNode GOLDEN = Golden.read("entropy.json");
  private static final int HEADS = 3;
  private static final int[] TOKENS = Golden.integers(GOLDEN.get("tokens"));

  @Test
  void everyRowIsThatOfNumPy() {
    for (int prompt = 0; prompt < TOKENS.length; prompt++) {
      float[] pattern = Golden.floats(GOLDEN.get("patterns").get(prompt));
      double[] reference = Golden.doubles(golden(EntropyKind.REFERENCE, "rows").get(prompt));
      double[] exact = Golden.doubles(golden(EntropyKind.EXACT, "rows").get(prompt));
      for (int index = 0; index < reference.length; index++) {
        int start = index * TOKENS[prompt];
        float[] row = Arrays.copyOfRange(pattern, start, start + TOKENS[prompt]);
        int visible = index % TOKENS[prompt] + 1;
        String what = "prompt " + prompt + " row " + index;
        Tolerance.FLOAT32.check(reference[index], PlainEntropy.reference(row), "reference " + what);
        Tolerance.DOUBLE.check(exact[index], PlainEntropy.exact(row, visible), "exact " + what);
      }
    }
  }

  @Test
  void longRowsAreSummedAsNumPySums() {
    for (JsonNode golden : GOLDEN.get("long_rows")) {
      float[] row = Golden.floats(golden.get("row"));
      String what = " of " + row.length + " keys";
      Tolerance.FLOAT32.check(
          golden.get("reference").asDouble(), PlainEntropy.reference(row), "reference" + what);
      Tolerance.DOUBLE.check(
          golden.get("exact").asDouble(), PlainEntropy.exact(row, row.length), "exact" + what);
    }
  }

  @Test
  void meansOverQueryPositionsAreThoseOfNumPy() {
    LayerEntropies layer = measured();
    for (int head = 0; head < HEADS; head++) {
      for (int prompt = 0; prompt < TOKENS.length; prompt++) {
        String what = "head " + head + " prompt " + prompt;
        Tolerance.FLOAT32.check(
            golden(EntropyKind.REFERENCE, "prompt_means").get(head).get(prompt).asDouble(),
            layer.table(EntropyKind.REFERENCE).nats(head, prompt),
            "reference " + what);
        Tolerance.DOUBLE.check(
            golden(EntropyKind.EXACT, "prompt_means").get(head).get(prompt).asDouble(),
            layer.table(EntropyKind.EXACT).nats(head, prompt),
            "exact " + what);
      }
    }
  }

  /**
   * The study averages all rows of a category at once; weighting prompt means must give the same.
   */
  @Test
  void poolingPromptMeansIsPoolingRows() {
    LayerEntropies layer = measured();
    checkPooled(layer, EntropyKind.REFERENCE, Tolerance.FLOAT32);
    checkPooled(layer, EntropyKind.EXACT, Tolerance.DOUBLE);
  }

  private static void checkPooled(LayerEntropies layer, EntropyKind kind, Tolerance tolerance) {
    golden(kind, "pooled")
        .properties()
        .forEach(
            category -> {
              for (int head = 0; head < HEADS; head++) {
                tolerance.check(
                    category.getValue().get(head).asDouble(),
                    pooled(layer, kind, head, category.getKey()),
                    kind + " " + category.getKey() + " head " + head);
              }
            });
  }

  private static double pooled(LayerEntropies layer, EntropyKind kind, int head, String category) {
    double nats = 0;
    int rows = 0;
    for (int prompt = 0; prompt < TOKENS.length; prompt++) {
      if (GOLDEN.get("categories").get(prompt).asText().equals(category)) {
        nats += TOKENS[prompt] * layer.table(kind).nats(head, prompt);
        rows += TOKENS[prompt];
      }
    }
    return nats / rows;
  }

  private static LayerEntropies measured() {
    List<Integer> tokens = IntStream.of(TOKENS).boxed().toList();
    LayerMeasurement measurement = new LayerMeasurement(2, HEADS, tokens);
    for (int prompt = 0; prompt < TOKENS.length; prompt++) {
      float[] pattern = Golden.floats(GOLDEN.get("patterns").get(prompt));
      measurement.add(Patterns.tensor(2, List.of(prompt), HEADS, TOKENS[prompt], pattern));
    }
    return measurement.finish();
  }

  private static JsonNode golden(EntropyKind kind, String name) {
    return GOLDEN.get(kind.name().toLowerCase(Locale.ROOT)).get(name);
  }
}
