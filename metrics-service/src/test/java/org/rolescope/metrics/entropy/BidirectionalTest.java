package org.rolescope.metrics.entropy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.rolescope.fault.RolescopeException;
import org.rolescope.metrics.testing.Patterns;
import org.rolescope.metrics.testing.SeededRandom;
import org.rolescope.tensors.TensorView;

/** Attention without a causal mask: every key is visible to every query. */
final class BidirectionalTest {
  private static final double TOLERANCE = 1e-12;
  private static final int HEADS = 3;
  private static final List<Integer> TOKENS = List.of(1, 2, 3, 5, 11);

  private final Random random = SeededRandom.create();

  @Test
  void everyKindTakesAllKeysOfEveryQuery() {
    LayerMeasurement measurement = begin();
    float[][] values = new float[TOKENS.size()][];
    for (int prompt = 0; prompt < TOKENS.size(); prompt++) {
      values[prompt] = rows(TOKENS.get(prompt));
      measurement.add(tensor(prompt, values[prompt]));
    }
    LayerEntropies layer = measurement.finish();
    for (int prompt = 0; prompt < TOKENS.size(); prompt++) {
      int tokens = TOKENS.get(prompt);
      for (int head = 0; head < HEADS; head++) {
        double exact = 0;
        double withoutSink = 0;
        for (int query = 0; query < tokens; query++) {
          double[] row = row(values[prompt], head, query, tokens);
          exact += entropy(row, 0) / tokens;
          withoutSink += entropy(row, 1) / tokens;
        }
        assertMean(exact, layer, EntropyKind.EXACT, head, prompt);
        assertMean(
            tokens < 2 ? Double.NaN : exact / Math.log(tokens),
            layer,
            EntropyKind.LENGTH_NORMALISED,
            head,
            prompt);
        assertMean(
            tokens < 3 ? Double.NaN : withoutSink, layer, EntropyKind.SINK_EXCLUDED, head, prompt);
        // The shortest prompt has one token: position 0 alone is common to all.
        assertMean(
            entropy(row(values[prompt], head, 0, tokens), 0),
            layer,
            EntropyKind.POSITION_MATCHED,
            head,
            prompt);
        assertEquals(
            exact, layer.table(EntropyKind.REFERENCE).nats(head, prompt), 1e-5, "reference");
      }
    }
    assertEquals(
        List.of(0, 2, 3, 5, 11),
        layer.table(EntropyKind.LENGTH_NORMALISED).queryCounts().orElseThrow());
    assertEquals(
        List.of(0, 0, 3, 5, 11),
        layer.table(EntropyKind.SINK_EXCLUDED).queryCounts().orElseThrow());
  }

  @Test
  void attentionToKeysIsAveragedOverAllQueries() {
    int tokens = 5;
    float[] values = rows(tokens);
    LayerMeasurement measurement =
        new LayerMeasurement(
            TensorOrigin.SERVICE,
            Visibility.BIDIRECTIONAL,
            ChangedPatterns.NONE,
            0,
            HEADS,
            List.of(tokens));
    measurement.add(tensor(0, values));
    KeyAttention attention = measurement.finish().keyAttention().orElseThrow();
    for (int head = 0; head < HEADS; head++) {
      for (int key = 0; key < KeyAttention.KEYS; key++) {
        double first = 0;
        double last = 0;
        for (int query = 0; query < tokens; query++) {
          double[] row = row(values, head, query, tokens);
          first += row[key] / tokens;
          last += row[tokens - KeyAttention.KEYS + key] / tokens;
        }
        assertEquals(first, attention.first(head, 0, key), TOLERANCE);
        assertEquals(last, attention.last(head, 0, key), TOLERANCE);
      }
    }
  }

  @Test
  void aPromptOfOneTokenAttendsToItself() {
    LayerMeasurement measurement =
        new LayerMeasurement(
            TensorOrigin.SERVICE, Visibility.BIDIRECTIONAL, ChangedPatterns.NONE, 0, 1, List.of(1));
    measurement.add(Patterns.tensor(0, List.of(0), 1, 1, new float[] {1}));
    KeyAttention attention = measurement.finish().keyAttention().orElseThrow();
    assertEquals(1, attention.first(0, 0, 0));
    assertTrue(Double.isNaN(attention.first(0, 0, 1)));
  }

  @Test
  void theSameRowsAreDamagedForACausalModelAndFineForThisOne() {
    float[] values = rows(5);
    LayerMeasurement causal = new LayerMeasurement(0, HEADS, List.of(5));
    assertThrows(RolescopeException.class, () -> causal.add(tensor(0, values)));
    new LayerMeasurement(
            TensorOrigin.SERVICE,
            Visibility.BIDIRECTIONAL,
            ChangedPatterns.NONE,
            0,
            HEADS,
            List.of(5))
        .add(tensor(0, values));
    values[1] += 0.5f;
    LayerMeasurement damaged =
        new LayerMeasurement(
            TensorOrigin.SERVICE,
            Visibility.BIDIRECTIONAL,
            ChangedPatterns.NONE,
            0,
            HEADS,
            List.of(5));
    RolescopeException fault =
        assertThrows(RolescopeException.class, () -> damaged.add(tensor(0, values)));
    assertTrue(fault.getMessage().contains("over the keys it can see, not to 1"));
  }

  private LayerMeasurement begin() {
    return new LayerMeasurement(
        TensorOrigin.SERVICE, Visibility.BIDIRECTIONAL, ChangedPatterns.NONE, 0, HEADS, TOKENS);
  }

  private float[] rows(int tokens) {
    float[] values = new float[HEADS * tokens * tokens];
    for (int row = 0; row < HEADS * tokens; row++) {
      System.arraycopy(Patterns.row(random, tokens), 0, values, row * tokens, tokens);
    }
    return values;
  }

  private static TensorView tensor(int prompt, float[] values) {
    int tokens = (int) Math.round(Math.sqrt(values.length / (double) HEADS));
    return Patterns.tensor(0, List.of(prompt), HEADS, tokens, values);
  }

  private static double[] row(float[] values, int head, int query, int tokens) {
    double[] row = new double[tokens];
    for (int key = 0; key < tokens; key++) {
      row[key] = values[(head * tokens + query) * tokens + key];
    }
    return row;
  }

  /** The definition as it stands, over keys from one on, renormalised where keys are left out. */
  private static double entropy(double[] row, int firstKey) {
    double total = 0;
    for (int key = firstKey; key < row.length; key++) {
      total += row[key];
    }
    double sum = firstKey == 0 ? 1 : total;
    double nats = 0;
    for (int key = firstKey; key < row.length; key++) {
      double share = row[key] / sum;
      nats -= share == 0 ? 0 : share * Math.log(share);
    }
    return nats;
  }

  private static void assertMean(
      double expected, LayerEntropies layer, EntropyKind kind, int head, int prompt) {
    assertEquals(expected, layer.table(kind).nats(head, prompt), 1e-9, kind + " of " + prompt);
  }
}
