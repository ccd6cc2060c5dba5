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
import org.rolescope.metrics.testing.SeededRandom;
import org.rolescope.metrics.testing.Tolerance;

final class EntropyPropertiesTest {
  private final Random random = SeededRandom.create();

  @Test
  void uniformRowHasTheLogarithmOfItsLength() {
    for (int keys : new int[] {1, 2, 7, 8, 9, 64, 129, 1000}) {
      float[] row = new float[keys];
      Arrays.fill(row, 1f / keys);
      Tolerance.FLOAT32.check(Math.log(keys), ExactEntropy.nats(row, keys), "exact " + keys);
      Tolerance.FLOAT32.check(
          Math.log(keys), new ReferenceEntropy(keys).nats(row), "reference " + keys);
    }
  }

  @Test
  void rowWithOneKeyHasNone() {
    float[] row = new float[20];
    row[4] = 1;
    assertEquals(0.0, ExactEntropy.nats(row, row.length));
    assertEquals(0, new ReferenceEntropy(row.length).nats(row), 1e-5);
  }

  @Test
  void kindsAgreeOnRealisticRows() {
    for (int trial = 0; trial < 2000; trial++) {
      int keys = 2 + random.nextInt(30);
      int visible = 1 + random.nextInt(keys);
      float[] row = Arrays.copyOf(Patterns.row(random, visible), keys);
      Tolerance.REFERENCE_AGAINST_EXACT.check(
          ExactEntropy.nats(row, visible),
          new ReferenceEntropy(keys).nats(row),
          "trial " + trial + " " + Arrays.toString(row));
    }
  }

  @Test
  void entropyLiesBetweenZeroAndTheUniformRow() {
    for (int trial = 0; trial < 500; trial++) {
      float[] row = Patterns.row(random, 1 + random.nextInt(40));
      double nats = ExactEntropy.nats(row, row.length);
      assertTrue(nats >= 0 && nats <= Math.log(row.length) + 1e-6, () -> Arrays.toString(row));
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
    LayerEntropies original = measure(pattern, heads);
    LayerEntropies shuffled = measure(permuted, heads);
    for (EntropyKind kind : List.of(EntropyKind.REFERENCE, EntropyKind.EXACT)) {
      for (int head = 0; head < heads; head++) {
        assertEquals(
            original.table(kind).nats(order.get(head), 0), shuffled.table(kind).nats(head, 0));
      }
    }
  }

  private static LayerEntropies measure(float[] pattern, int heads) {
    LayerMeasurement measurement = new LayerMeasurement(0, heads, List.of(6));
    measurement.add(Patterns.tensor(0, List.of(0), heads, 6, pattern));
    return measurement.finish();
  }
}
