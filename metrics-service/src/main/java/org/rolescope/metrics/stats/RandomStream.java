package org.rolescope.metrics.stats;

import org.apache.commons.rng.JumpableUniformRandomProvider;
import org.apache.commons.rng.UniformRandomProvider;
import org.apache.commons.rng.simple.RandomSource;

/**
 * The independent streams of random numbers that one seed gives: one for each use, so that changing
 * the length of one leaves the others as they were. The generator is xoroshiro128++; the streams
 * lie 2⁶⁴ draws apart. Equal seeds give equal streams on every platform.
 */
public enum RandomStream {
  /** Draws the prompts of bootstrap resamples. */
  BOOTSTRAP,
  /** Swaps self and neutral labels. */
  RFC_PERMUTATION,
  /** Swaps self and confounder labels. */
  RSI_PERMUTATION;

  /** This stream from its start. */
  public UniformRandomProvider open(long seed) {
    JumpableUniformRandomProvider generator =
        (JumpableUniformRandomProvider) RandomSource.XO_RO_SHI_RO_128_PP.create(seed);
    for (int skipped = 0; skipped < ordinal(); skipped++) {
      generator.jump();
    }
    return generator;
  }
}
