package org.rolescope.metrics.entropy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.rolescope.metrics.testing.Golden;
import org.rolescope.metrics.testing.Patterns;
import org.rolescope.metrics.testing.Tolerance;

/**
 * The kinds beyond reference and exact, and attention by position. Golden values:
 * golden/entropy.json, NumPy 1.26.4 and SciPy 1.14.1. Among the prompts are one of a single token
 * and one of two; head 2 of prompt 4 attends to the sink alone, and so does one row of prompt 0.
 * Head 0 of prompt 2 writes nothing, and head 1 of prompt 3 nothing from its first two keys.
 */
final class ControlsGoldenTest {
  private static final JsonNode GOLDEN = Golden.read("entropy.json");
  private static final JsonNode CONTROLS = GOLDEN.get("controls");
  private static final int HEADS = 3;
  private static final int[] TOKENS = Golden.integers(GOLDEN.get("tokens"));
  private static final List<Integer> ALL = IntStream.range(0, TOKENS.length).boxed().toList();
  private static final LayerEntropies LAYER = measured(ALL, true);

  @Test
  void lengthNormalisedIsThatOfNumPy() {
    checkTable(LAYER, EntropyKind.LENGTH_NORMALISED, ALL);
    assertEquals(0, LAYER.queryCount(EntropyKind.LENGTH_NORMALISED, 9));
    assertEquals(1, LAYER.queryCount(EntropyKind.LENGTH_NORMALISED, 11));
  }

  @Test
  void sinkExcludedIsThatOfNumPy() {
    checkTable(LAYER, EntropyKind.SINK_EXCLUDED, ALL);
    assertEquals(0, LAYER.queryCount(EntropyKind.SINK_EXCLUDED, 11));
    assertEquals(7, LAYER.queryCount(EntropyKind.SINK_EXCLUDED, 4));
    assertTrue(Double.isNaN(LAYER.table(EntropyKind.SINK_EXCLUDED).nats(2, 4)));
  }

  @Test
  void normWeightedIsThatOfNumPy() {
    checkTable(LAYER, EntropyKind.NORM_WEIGHTED, ALL);
    assertTrue(Double.isNaN(LAYER.table(EntropyKind.NORM_WEIGHTED).nats(0, 2)));
  }

  @Test
  void positionMatchedIsThatOfNumPy() {
    List<Integer> prompts =
        IntStream.of(Golden.integers(CONTROLS.get("matched_prompts"))).boxed().toList();
    LayerEntropies layer = measured(prompts, false);
    checkTable(layer, EntropyKind.POSITION_MATCHED, prompts);
    assertEquals(3, layer.queryCount(EntropyKind.POSITION_MATCHED, 5));
    assertEquals(1, LAYER.queryCount(EntropyKind.POSITION_MATCHED, 5));
  }

  @Test
  void attentionByPositionIsThatOfNumPy() {
    KeyAttention keys = LAYER.keyAttention().orElseThrow();
    checkValues("first", CONTROLS.get("first"), keys.firstToArray());
    checkValues("last", CONTROLS.get("last"), keys.lastToArray());
  }

  @Test
  void withoutNormsThereIsNoWeightedTable() {
    assertFalse(measured(ALL, false).has(EntropyKind.NORM_WEIGHTED));
  }

  private static void checkTable(LayerEntropies layer, EntropyKind kind, List<Integer> prompts) {
    JsonNode golden = CONTROLS.get(kind.name().toLowerCase(Locale.ROOT));
    for (int head = 0; head < HEADS; head++) {
      for (int place = 0; place < prompts.size(); place++) {
        JsonNode expected = golden.get(head * TOKENS.length + prompts.get(place));
        String what = kind + " head " + head + " prompt " + prompts.get(place);
        check(expected, layer.table(kind).nats(head, place), what);
      }
    }
  }

  private static void checkValues(String what, JsonNode golden, double[] actual) {
    assertEquals(golden.size(), actual.length);
    for (int index = 0; index < actual.length; index++) {
      check(golden.get(index), actual[index], what + "[" + index + "]");
    }
  }

  /** Null stands for NaN. */
  private static void check(JsonNode expected, double actual, String what) {
    if (expected.isNull()) {
      assertTrue(Double.isNaN(actual), () -> what + " is " + actual + ", not NaN");
    } else {
      Tolerance.DOUBLE.check(expected.asDouble(), actual, what);
    }
  }

  private static LayerEntropies measured(List<Integer> prompts, boolean weighted) {
    List<Integer> tokens = prompts.stream().map(prompt -> TOKENS[prompt]).toList();
    LayerMeasurement measurement = new LayerMeasurement(2, HEADS, tokens);
    for (int place = 0; place < prompts.size(); place++) {
      List<Integer> batch = List.of(place);
      float[] norms = Golden.floats(CONTROLS.get("norms").get(prompts.get(place)));
      float[] pattern = Golden.floats(CONTROLS.get("patterns").get(prompts.get(place)));
      if (weighted) {
        measurement.addValueNorm(Patterns.valueNorm(2, batch, HEADS, tokens.get(place), norms));
      }
      measurement.add(Patterns.tensor(2, batch, HEADS, tokens.get(place), pattern));
    }
    return measurement.finish();
  }
}
