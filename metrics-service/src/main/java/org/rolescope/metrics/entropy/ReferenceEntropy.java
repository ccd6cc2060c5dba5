package org.rolescope.metrics.entropy;

import java.util.Arrays;

/**
 * Entropy as the published study computes it: NumPy float32 arithmetic on the whole row, masked
 * future keys included, with 1e-8 added to every key. METRICS §1, "reference".
 *
 * <p>Holds scratch memory that is reused from block to block. Not thread-safe.
 */
final class ReferenceEntropy {
  private static final float ADDED_TO_EVERY_KEY = 1e-8f;
  private static final int LANES = PatternBlock.LANES;

  private final int positions;
  private final int rows;
  private final float[][] own;
  private final float[][] terms;
  private final float[] masked;
  private final float[] totals;
  private final float[] sums;
  private final double[] logarithms;
  private final Logarithm logarithm;
  private final PairwiseSum sum;

  /**
   * Creates a measure.
   *
   * @param positions number of keys in a row, masked ones included; at least 1
   * @param rows number of rows side by side
   */
  ReferenceEntropy(int positions, int rows) {
    this.positions = positions;
    this.rows = rows;
    own = new float[PatternBlock.chunkCount(positions)][LANES * rows];
    terms = new float[own.length][];
    masked = new float[LANES * rows];
    totals = new float[LANES * rows];
    sums = new float[rows];
    logarithms = new double[LANES * rows];
    logarithm = new Logarithm(LANES * rows);
    sum = new PairwiseSum(positions, rows);
  }

  /**
   * With a' = (A + 1e-8) / Σ (A + 1e-8) over all keys, H = −Σ a' ln a'. Every step is rounded to
   * float32 and sums run in NumPy's order. Each masked key adds about 2e-7 nats, all of them the
   * same, so one is computed for all.
   *
   * @param block the rows
   * @param nats takes the entropy of each row
   */
  void measure(PatternBlock block, float[] nats) {
    int keys = block.keys();
    Arrays.fill(masked, ADDED_TO_EVERY_KEY);
    for (int chunk = 0; chunk < PatternBlock.chunkCount(keys); chunk++) {
      addEpsilon(block.chunk(chunk), count(chunk, keys), own[chunk]);
    }
    sumOf(keys, sums);
    spread(sums, totals);
    for (int chunk = 0; chunk < PatternBlock.chunkCount(keys); chunk++) {
      toTerms(own[chunk], count(chunk, keys));
    }
    if (keys < positions) {
      toTerms(masked, rows);
      spread(masked, masked);
    }
    sumOf(keys, sums);
    for (int row = 0; row < rows; row++) {
      nats[row] = 0 - sums[row];
    }
  }

  /** Sums the keys that are laid out, and behind them the masked ones. */
  private void sumOf(int keys, float[] into) {
    int chunks = PatternBlock.chunkCount(keys);
    for (int chunk = 0; chunk < terms.length; chunk++) {
      terms[chunk] = chunk < chunks ? own[chunk] : masked;
    }
    int filled = count(chunks - 1, keys);
    System.arraycopy(masked, 0, own[chunks - 1], filled, LANES * rows - filled);
    sum.of(terms, positions, into);
  }

  /** a' ln a' in place of A + 1e-8. */
  private void toTerms(float[] values, int count) {
    divide(values, totals, count);
    logarithm.of(values, count, logarithms);
    multiply(values, logarithms, count);
  }

  private int count(int chunk, int keys) {
    return Math.min(LANES, keys - chunk * LANES) * rows;
  }

  private void spread(float[] ofEachRow, float[] lanes) {
    for (int lane = 0; lane < LANES; lane++) {
      System.arraycopy(ofEachRow, 0, lanes, lane * rows, rows);
    }
  }

  private static void addEpsilon(float[] weights, int count, float[] into) {
    for (int index = 0; index < count; index++) {
      into[index] = weights[index] + ADDED_TO_EVERY_KEY;
    }
  }

  private static void divide(float[] values, float[] divisors, int count) {
    for (int index = 0; index < count; index++) {
      values[index] /= divisors[index];
    }
  }

  private static void multiply(float[] values, double[] factors, int count) {
    for (int index = 0; index < count; index++) {
      values[index] *= (float) factors[index];
    }
  }
}
