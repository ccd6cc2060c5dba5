package org.rolescope.metrics.entropy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.rolescope.fault.RolescopeException;
import org.rolescope.metrics.testing.Patterns;
import org.rolescope.metrics.testing.PlainEntropy;
import org.rolescope.metrics.testing.SeededRandom;

/** Patterns that an intervention has put there: rows that are no distributions. */
final class ChangedPatternsTest {
  private static final int HEADS = 3;
  private static final int TOKENS = 5;
  private static final double TOLERANCE = 1e-6;

  private final Random random = SeededRandom.create();

  /** Head 1 of prompt 0 is changed; everything else is as it would be. */
  @Test
  void aScaledPatternHasTheEntropyOfTheUnscaledOne() {
    float[] whole = Patterns.random(random, 2, HEADS, TOKENS);
    float[] scaled = whole.clone();
    for (int index = cell(0, 1); index < cell(0, 2); index++) {
      scaled[index] *= 0.5f;
    }
    LayerEntropies before = measure(ChangedPatterns.NONE, whole);
    LayerEntropies after = measure(ChangedPatternsTest::isHeadOne, scaled);
    for (EntropyKind kind : before.tables().keySet()) {
      for (int head = 0; head < HEADS; head++) {
        for (int prompt = 0; prompt < 2; prompt++) {
          assertEquals(
              before.table(kind).nats(head, prompt),
              after.table(kind).nats(head, prompt),
              kind == EntropyKind.REFERENCE ? 1e-5 : TOLERANCE,
              kind.name());
        }
      }
    }
  }

  @Test
  void aHeadWithoutAttentionHasNoExactEntropyAndTheStudysLargest() {
    float[] pattern = Patterns.random(random, 2, HEADS, TOKENS);
    Arrays.fill(pattern, cell(0, 1), cell(0, 2), 0);
    LayerEntropies layer = measure(ChangedPatternsTest::isHeadOne, pattern);
    assertEquals(0.0, layer.table(EntropyKind.EXACT).nats(1, 0));
    assertEquals(0.0, layer.table(EntropyKind.LENGTH_NORMALISED).nats(1, 0));
    assertTrue(Double.isNaN(layer.table(EntropyKind.SINK_EXCLUDED).nats(1, 0)));
    assertEquals(Math.log(TOKENS), layer.table(EntropyKind.REFERENCE).nats(1, 0), TOLERANCE);
    assertEquals(0.0, layer.keyAttention().orElseThrow().first(1, 0, 0));
  }

  /** The reference methods see later keys; the exact kind looks at visible ones only. */
  @Test
  void attentionToLaterKeysCountsForTheReferenceOnly() {
    float[] pattern = Patterns.random(random, 2, HEADS, TOKENS);
    Arrays.fill(pattern, cell(0, 1), cell(0, 2), 1f / TOKENS);
    LayerEntropies layer = measure(ChangedPatternsTest::isHeadOne, pattern);
    double expected = 0;
    for (int visible = 1; visible <= TOKENS; visible++) {
      expected += Math.log(visible) / TOKENS;
    }
    assertEquals(expected, layer.table(EntropyKind.EXACT).nats(1, 0), TOLERANCE);
    float[] row = new float[TOKENS];
    Arrays.fill(row, 1f / TOKENS);
    assertEquals(
        PlainEntropy.reference(row), layer.table(EntropyKind.REFERENCE).nats(1, 0), TOLERANCE);
  }

  @Test
  void whatNobodyChangedAndWhatIsNoWeightIsDamaged() {
    float[] pattern = Patterns.random(random, 2, HEADS, TOKENS);
    pattern[cell(1, 2)] = 0.25f;
    RolescopeException other =
        assertThrows(
            RolescopeException.class, () -> measure(ChangedPatternsTest::isHeadOne, pattern));
    assertTrue(other.getMessage().contains("head 2, prompt 1"), other.getMessage());
    float[] negative = Patterns.random(random, 2, HEADS, TOKENS);
    negative[cell(0, 1)] = -1;
    RolescopeException weight =
        assertThrows(
            RolescopeException.class, () -> measure(ChangedPatternsTest::isHeadOne, negative));
    assertTrue(weight.getMessage().contains("a weight of -1.0"), weight.getMessage());
  }

  private static boolean isHeadOne(int layer, int head, int prompt) {
    return layer == 4 && head == 1 && prompt == 0;
  }

  private static LayerEntropies measure(ChangedPatterns changed, float[] pattern) {
    LayerMeasurement measurement =
        new LayerMeasurement(
            TensorOrigin.SERVICE, Visibility.CAUSAL, changed, 4, HEADS, List.of(TOKENS, TOKENS));
    measurement.add(Patterns.tensor(4, List.of(0, 1), HEADS, TOKENS, pattern));
    return measurement.finish();
  }

  /** Where a head of a prompt begins. */
  private static int cell(int prompt, int head) {
    return (prompt * HEADS + head) * TOKENS * TOKENS;
  }
}
