package org.rolescope.metrics.entropy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.rolescope.metrics.testing.Patterns;
import org.rolescope.metrics.testing.PlainEntropy;
import org.rolescope.metrics.testing.SeededRandom;
import org.rolescope.metrics.testing.Tolerance;

final class EntropyPropertiesTest {
  private final Random random = SeededRandom.create();

  @Test
  void uniformRowHasTheLogarithmOfItsLength() {
    for (int keys : new int[] {1, 2, 7, 8, 9, 64, 129, 1000}) {
      float[] row = new float[keys];
      Arrays.fill(row, 1f / keys);
      Tolerance.FLOAT32.check(Math.log(keys), PlainEntropy.exact(row, keys), "exact " + keys);
      Tolerance.FLOAT32.check(Math.log(keys), PlainEntropy.reference(row), "reference " + keys);
    }
  }

  @Test
  void rowWithOneKeyHasNone() {
    float[] row = new float[20];
    row[4] = 1;
    assertEquals(0.0, PlainEntropy.exact(row, row.length));
    assertEquals(0, PlainEntropy.reference(row), 1e-5);
  }

  @Test
  void kindsAgreeOnRealisticRows() {
    for (int trial = 0; trial < 2000; trial++) {
      int keys = 2 + random.nextInt(30);
      int visible = 1 + random.nextInt(keys);
      float[] row = Arrays.copyOf(Patterns.row(random, visible), keys);
      Tolerance.REFERENCE_AGAINST_EXACT.check(
          PlainEntropy.exact(row, visible),
          PlainEntropy.reference(row),
          "trial " + trial + " " + Arrays.toString(row));
    }
  }

  @Test
  void entropyLiesBetweenZeroAndTheUniformRow() {
    for (int trial = 0; trial < 500; trial++) {
      float[] row = Patterns.row(random, 1 + random.nextInt(40));
      double nats = PlainEntropy.exact(row, row.length);
      assertTrue(nats >= 0 && nats <= Math.log(row.length) + 1e-6, () -> Arrays.toString(row));
    }
  }

  /**
   * Vectors of many rows and rows one by one: the reference kind bit for bit, the others nearly.
   * Lengths around the chunks of eight keys, the halving above 128, and what is read at once.
   */
  @Test
  void manyRowsAtOnceAreEachRowForItself() {
    for (int tokens : new int[] {1, 2, 3, 7, 8, 9, 15, 16, 17, 31, 33, 127, 128, 129, 137, 260}) {
      int heads = 1 + random.nextInt(5);
      int batch = 1 + random.nextInt(tokens < 20 ? 40 : 3);
      float[] pattern = Patterns.random(random, batch, heads, tokens);
      List<Integer> prompts = IntStream.range(0, batch).boxed().toList();
      LayerMeasurement measurement =
          new LayerMeasurement(0, heads, Collections.nCopies(batch, tokens));
      measurement.add(Patterns.tensor(0, prompts, heads, tokens, pattern));
      LayerEntropies layer = measurement.finish();
      for (int matrix = 0; matrix < batch * heads; matrix++) {
        checkAgainstRows(layer, matrix, tokens, pattern);
      }
    }
  }

  private static void checkAgainstRows(
      LayerEntropies layer, int matrix, int tokens, float[] pattern) {
    double reference = 0;
    double exact = 0;
    double sink = 0;
    for (int query = 0; query < tokens; query++) {
      int start = (matrix * tokens + query) * tokens;
      float[] row = Arrays.copyOfRange(pattern, start, start + tokens);
      reference += PlainEntropy.reference(row);
      exact += PlainEntropy.exact(row, query + 1);
      sink += query < 2 ? 0 : PlainEntropy.withoutSink(row, query + 1);
    }
    int head = matrix % layer.headCount();
    int prompt = matrix / layer.headCount();
    String what = "head %d prompt %d of %d tokens".formatted(head, prompt, tokens);
    assertEquals(reference / tokens, layer.table(EntropyKind.REFERENCE).nats(head, prompt), what);
    Tolerance.DOUBLE.check(
        exact / tokens, layer.table(EntropyKind.EXACT).nats(head, prompt), "exact " + what);
    if (tokens > 2) {
      Tolerance.DOUBLE.check(
          sink / (tokens - 2),
          layer.table(EntropyKind.SINK_EXCLUDED).nats(head, prompt),
          "without sink " + what);
    }
  }

  /** What little a mask lets through counts in the reference kind alone, as in the study. */
  @Test
  void weightOfFutureKeysCountsInTheReferenceKindAlone() {
    float[] pattern = Patterns.random(random, 1, 2, 12);
    float[] leaking = pattern.clone();
    leaking[12 + 5] = 3e-4f;
    LayerEntropies sound = measure(pattern, 2, 12);
    LayerEntropies leaky = measure(leaking, 2, 12);
    double difference =
        PlainEntropy.reference(Arrays.copyOfRange(leaking, 12, 24))
            - PlainEntropy.reference(Arrays.copyOfRange(pattern, 12, 24));
    Tolerance.FLOAT32.check(
        difference / 12,
        leaky.table(EntropyKind.REFERENCE).nats(0, 0)
            - sound.table(EntropyKind.REFERENCE).nats(0, 0),
        "reference");
    assertTrue(difference > 1e-3);
    for (EntropyKind kind : sound.tables().keySet()) {
      if (kind != EntropyKind.REFERENCE) {
        assertEquals(sound.table(kind), leaky.table(kind), kind.name());
      }
    }
  }

  /** The norms' unit cannot matter, and equal norms change nothing. */
  @Test
  void equalNormsGiveTheExactEntropy() {
    for (float norm : new float[] {1, 1e-30f, 7e30f}) {
      float[] norms = new float[2 * 6];
      Arrays.fill(norms, norm);
      LayerMeasurement measurement = new LayerMeasurement(0, 2, List.of(6));
      measurement.addValueNorm(Patterns.valueNorm(0, List.of(0), 2, 6, norms));
      float[] pattern = Patterns.random(random, 1, 2, 6);
      measurement.add(Patterns.tensor(0, List.of(0), 2, 6, pattern));
      LayerEntropies layer = measurement.finish();
      for (int head = 0; head < 2; head++) {
        assertEquals(
            layer.table(EntropyKind.EXACT).nats(head, 0),
            layer.table(EntropyKind.NORM_WEIGHTED).nats(head, 0),
            1e-6,
            "norm " + norm);
      }
    }
  }

  @Test
  void batchingDoesNotMatter() {
    float[] pattern = Patterns.random(random, 3, 2, 5);
    List<Integer> tokens = List.of(5, 5, 5);
    LayerMeasurement together = new LayerMeasurement(0, 2, tokens);
    together.add(Patterns.tensor(0, List.of(2, 0, 1), 2, 5, pattern));
    LayerMeasurement apart = new LayerMeasurement(0, 2, tokens);
    for (int batch : new int[] {1, 2, 0}) {
      float[] part = Arrays.copyOfRange(pattern, batch * 50, batch * 50 + 50);
      apart.add(Patterns.tensor(0, List.of(List.of(2, 0, 1).get(batch)), 2, 5, part));
    }
    assertEquals(together.finish(), apart.finish());
  }

  @Test
  void permutedHeadsGivePermutedRows() {
    int heads = 4;
    float[] pattern = Patterns.random(random, 1, heads, 6);
    List<Integer> order = new ArrayList<>(IntStream.range(0, heads).boxed().toList());
    Collections.shuffle(order, random);
    float[] permuted = new float[pattern.length];
    for (int head = 0; head < heads; head++) {
      System.arraycopy(pattern, order.get(head) * 36, permuted, head * 36, 36);
    }
    LayerEntropies original = measure(pattern, heads, 6);
    LayerEntropies shuffled = measure(permuted, heads, 6);
    for (EntropyKind kind : original.tables().keySet()) {
      for (int head = 0; head < heads; head++) {
        assertEquals(
            original.table(kind).nats(order.get(head), 0), shuffled.table(kind).nats(head, 0));
      }
    }
  }

  private static LayerEntropies measure(float[] pattern, int heads, int tokens) {
    LayerMeasurement measurement = new LayerMeasurement(0, heads, List.of(tokens));
    measurement.add(Patterns.tensor(0, List.of(0), heads, tokens, pattern));
    return measurement.finish();
  }
}
