package org.rolescope.metrics.patching;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.rolescope.metrics.testing.SeededRandom;

/** What divergences, differences and recoveries must be for any numbers, and at their edges. */
final class LogitPropertiesTest {
  private static final int CASES = 300;
  private static final float IMPOSSIBLE = Float.NEGATIVE_INFINITY;

  @Test
  void divergenceIsNotNegativeAndZeroForTheSame() {
    Random random = SeededRandom.create();
    for (int trial = 0; trial < CASES; trial++) {
      float[] clean = logits(random, 1 + random.nextInt(50));
      float[] other = logits(random, clean.length);
      assertTrue(KullbackLeibler.nats(clean, other) >= 0);
      assertEquals(0, KullbackLeibler.nats(clean, clean));
    }
  }

  /** Quarters and a constant that is a power of two: float32 adds them without rounding. */
  @Test
  void aConstantAddedToAllLogitsChangesNothing() {
    Random random = SeededRandom.create();
    for (int trial = 0; trial < CASES; trial++) {
      float[] clean = new float[20];
      float[] shifted = new float[20];
      float[] other = new float[20];
      for (int token = 0; token < clean.length; token++) {
        clean[token] = random.nextInt(-40, 40) / 4f;
        other[token] = random.nextInt(-40, 40) / 4f;
        shifted[token] = other[token] + 1024;
      }
      assertEquals(KullbackLeibler.nats(clean, other), KullbackLeibler.nats(clean, shifted), 1e-12);
      assertEquals(
          new LogitDifference(3, 7).nats(other), new LogitDifference(3, 7).nats(shifted), 0);
    }
  }

  @Test
  void whatCannotComeIsZeroOrInfinite() {
    float[] both = {0, 0, IMPOSSIBLE};
    float[] one = {0, IMPOSSIBLE, IMPOSSIBLE};
    assertEquals(Math.log(2), KullbackLeibler.nats(one, both), 1e-15);
    assertEquals(Double.POSITIVE_INFINITY, KullbackLeibler.nats(both, one));
    assertEquals(
        Double.POSITIVE_INFINITY,
        KullbackLeibler.nats(new float[] {0, -5000, IMPOSSIBLE}, one),
        "a probability below the smallest double is not 0");
  }

  @Test
  void whatIsNoDistributionIsNaN() {
    float[] usual = {1, 2};
    float[][] broken = {
      {Float.NaN, 1},
      {Float.POSITIVE_INFINITY, 1},
      {IMPOSSIBLE, IMPOSSIBLE},
      {IMPOSSIBLE, Float.NaN}
    };
    for (float[] logits : broken) {
      assertTrue(Double.isNaN(KullbackLeibler.nats(logits, usual)));
      assertTrue(Double.isNaN(KullbackLeibler.nats(usual, logits)));
    }
    assertThrows(
        IllegalArgumentException.class, () -> KullbackLeibler.nats(usual, new float[] {1}));
    assertThrows(
        IllegalArgumentException.class, () -> KullbackLeibler.nats(new float[0], new float[0]));
  }

  @Test
  void logitDifferencesAreTakenInDouble() {
    float[] logits = {3e38f, -3e38f, IMPOSSIBLE, IMPOSSIBLE};
    assertEquals(2.0 * 3e38f, new LogitDifference(0, 1).nats(logits));
    assertTrue(Double.isNaN(new LogitDifference(2, 3).nats(logits)));
    assertThrows(IllegalArgumentException.class, () -> new LogitDifference(0, 4).nats(logits));
    assertThrows(IllegalArgumentException.class, () -> new LogitDifference(1, 1));
    assertThrows(IllegalArgumentException.class, () -> new LogitDifference(-1, 1));
  }

  @Test
  void recoveryIsZeroAtTheTargetAndOneAtTheSource() {
    Random random = SeededRandom.create();
    for (int trial = 0; trial < CASES; trial++) {
      double source = random.nextGaussian();
      double target = random.nextGaussian();
      assertEquals(0, Recovery.of(source, target, target));
      assertEquals(1, Recovery.of(source, target, source));
      // Denoising and noising mirror each other.
      double patched = random.nextGaussian();
      double mirrored = 1 - Recovery.of(target, source, patched);
      double recovery = Recovery.of(source, target, patched);
      assertEquals(mirrored, recovery, 1e-12 * Math.max(1, 1 / Math.abs(source - target)));
    }
  }

  @Test
  void recoveryIsNeverInfinite() {
    assertTrue(Double.isNaN(Recovery.of(1, 1, 2)));
    assertTrue(Double.isNaN(Recovery.of(0, 9e-7, 2)));
    assertEquals(1, Recovery.of(2e-6, 0, 2e-6));
    double[] broken = {Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY};
    for (double value : broken) {
      assertTrue(Double.isNaN(Recovery.of(value, 0, 1)));
      assertTrue(Double.isNaN(Recovery.of(0, value, 1)));
      assertTrue(Double.isNaN(Recovery.of(1, 0, value)));
    }
    assertTrue(Double.isNaN(Recovery.of(1e-3, 0, Double.MAX_VALUE)));
  }

  private static float[] logits(Random random, int count) {
    float scale = (float) Math.exp(random.nextGaussian() * 3);
    float[] logits = new float[count];
    for (int token = 0; token < count; token++) {
      logits[token] = (float) random.nextGaussian() * scale;
    }
    return logits;
  }
}
