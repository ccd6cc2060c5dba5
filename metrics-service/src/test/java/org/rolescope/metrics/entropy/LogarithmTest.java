package org.rolescope.metrics.entropy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Against {@link StrictMath#log}, the same algorithm with its branches. */
final class LogarithmTest {
  private static final int BATCH = 1 << 14;
  private static final int MANTISSAS = 1 << 23;
  private static final int ONE_BITS = Float.floatToRawIntBits(1);

  private final Logarithm logarithm = new Logarithm(BATCH);
  private final float[] values = new float[BATCH];
  private final double[] logarithms = new double[BATCH];

  /** Every float from 0.25 to 2, where most attention lies and where ln passes through 0. */
  @Test
  void everyNumberAroundOneIsWithinOneUnit() {
    for (int bits = ONE_BITS - 2 * MANTISSAS; bits < ONE_BITS + MANTISSAS; bits += BATCH) {
      check(bits, 1);
    }
  }

  /** Every 101st of all positive floats up to 2^100, subnormal ones too. */
  @Test
  void allMagnitudesAreWithinOneUnit() {
    int last = Float.floatToRawIntBits(0x1p100f);
    for (long bits = 1; bits < last; bits += 101L * BATCH) {
      check((int) bits, 101);
    }
  }

  @Test
  void logarithmOfZeroIsNoTrouble() {
    values[0] = 0;
    values[1] = 1;
    assertFalse(logarithm.of(values, 2, logarithms));
    assertTrue(Double.isFinite(logarithms[0]));
    assertEquals(0, logarithms[1]);
  }

  @Test
  void signsAreTold() {
    for (float value : new float[] {-1, -0f, -Float.MIN_VALUE, Float.NEGATIVE_INFINITY}) {
      values[3] = value;
      assertTrue(logarithm.of(values, 4, logarithms), () -> "sign of " + value);
      assertFalse(logarithm.of(values, 3, logarithms));
    }
  }

  private void check(int firstBits, int step) {
    for (int index = 0; index < BATCH; index++) {
      values[index] = Math.min(0x1p100f, Float.intBitsToFloat(firstBits + index * step));
    }
    logarithm.of(values, BATCH, logarithms);
    IntStream.range(0, BATCH).forEach(index -> check(values[index], logarithms[index]));
  }

  private static void check(float value, double actual) {
    double expected = StrictMath.log(value);
    if (!(Math.abs(actual - expected) <= Math.ulp(expected))) {
      throw new AssertionError("ln %s is %s, not %s".formatted(value, expected, actual));
    }
  }
}
