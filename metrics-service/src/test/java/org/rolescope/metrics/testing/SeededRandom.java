package org.rolescope.metrics.testing;

import java.util.Random;

/** Random input that can be replayed: {@code -Drolescope.test.seed=N}. */
public final class SeededRandom {
  private static final long DEFAULT_SEED = 20_250_117;

  private SeededRandom() {}

  /** A generator whose seed is printed. */
  public static Random create() {
    long seed = Long.getLong("rolescope.test.seed", DEFAULT_SEED);
    System.out.println("rolescope.test.seed=" + seed);
    return new Random(seed);
  }
}
