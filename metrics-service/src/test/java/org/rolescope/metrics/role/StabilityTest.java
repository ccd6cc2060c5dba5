package org.rolescope.metrics.role;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.BitSet;
import org.junit.jupiter.api.Test;

final class StabilityTest {
  private static final double LIMIT = 0.05;

  @Test
  void soundHeadsAreStableWhateverTheirValues() {
    assertFalse(Stability.unstable(new double[] {-900, 0, 3}, heads(), LIMIT));
  }

  @Test
  void degenerateHeadThatChangesNothingIsStable() {
    assertFalse(Stability.unstable(new double[] {0.1, 0.1, 0.2}, heads(2), LIMIT));
  }

  @Test
  void degenerateHeadThatMovesTheMeanIsUnstable() {
    assertTrue(Stability.unstable(new double[] {0.1, 0.1, 0.4}, heads(2), LIMIT));
  }

  @Test
  void degenerateHeadsThatCancelAreUnstable() {
    assertTrue(Stability.unstable(new double[] {0.1, 9.1, -8.9}, heads(1, 2), LIMIT));
  }

  @Test
  void nothingButDegenerateHeadsIsUnstable() {
    assertTrue(Stability.unstable(new double[] {0.1, 0.1}, heads(0, 1), LIMIT));
  }

  @Test
  void infiniteValueIsUnstable() {
    assertTrue(
        Stability.unstable(new double[] {0.1, Double.NEGATIVE_INFINITY, 0.1}, heads(1), LIMIT));
  }

  private static BitSet heads(int... degenerate) {
    BitSet heads = new BitSet();
    for (int head : degenerate) {
      heads.set(head);
    }
    return heads;
  }
}
