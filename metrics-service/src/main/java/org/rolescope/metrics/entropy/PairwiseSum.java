package org.rolescope.metrics.entropy;

import java.util.Arrays;

/**
 * Sums float32 over keys in the order of NumPy's {@code sum}, many rows at once: up to 128 keys in
 * eight interleaved partial sums, more by halving. The error grows with the logarithm of the count,
 * and the reference entropy of long rows agrees with NumPy's. Holds scratch memory. Not
 * thread-safe.
 */
final class PairwiseSum {
  private static final int LANES = PatternBlock.LANES;
  private static final int BLOCK = 128;

  private final int rows;
  private final float[] lanes;
  private final float[] moved;
  private final float[][] halves;

  /**
   * Creates a sum.
   *
   * @param keyCount number of keys in a row
   * @param rows number of rows side by side
   */
  PairwiseSum(int keyCount, int rows) {
    this.rows = rows;
    lanes = new float[LANES * rows];
    moved = new float[LANES * rows];
    halves = new float[Integer.SIZE - Integer.numberOfLeadingZeros(keyCount / BLOCK) + 1][rows];
  }

  /**
   * Sums every row.
   *
   * @param chunks the terms, in chunks of eight keys, each [lane, row]
   * @param keyCount how many keys from the first
   * @param sums takes the sum of each row
   */
  void of(float[][] chunks, int keyCount, float[] sums) {
    of(chunks, 0, keyCount, 0, sums);
  }

  private void of(float[][] chunks, int firstChunk, int count, int depth, float[] sums) {
    if (count <= BLOCK) {
      block(chunks, firstChunk, count, sums);
      return;
    }
    int half = count / 2;
    half -= half % LANES;
    of(chunks, firstChunk, half, depth + 1, sums);
    of(chunks, firstChunk + half / LANES, count - half, depth + 1, halves[depth]);
    add(sums, halves[depth], rows);
  }

  private void block(float[][] chunks, int firstChunk, int count, float[] sums) {
    int whole = count / LANES;
    if (whole == 0) {
      Arrays.fill(sums, 0, rows, 0);
    } else {
      System.arraycopy(chunks[firstChunk], 0, lanes, 0, LANES * rows);
      for (int chunk = firstChunk + 1; chunk < firstChunk + whole; chunk++) {
        add(lanes, chunks[chunk], LANES * rows);
      }
      foldLanes();
      System.arraycopy(lanes, 0, sums, 0, rows);
    }
    for (int lane = 0; lane < count % LANES; lane++) {
      System.arraycopy(chunks[firstChunk + whole], lane * rows, moved, 0, rows);
      add(sums, moved, rows);
    }
  }

  /** Leaves ((0 + 1) + (2 + 3)) + ((4 + 5) + (6 + 7)) in lane 0. */
  private void foldLanes() {
    for (int distance = 1; distance < LANES; distance *= 2) {
      int count = (LANES + 1 - 2 * distance) * rows;
      System.arraycopy(lanes, distance * rows, moved, 0, count);
      add(lanes, moved, count);
    }
  }

  private static void add(float[] sums, float[] terms, int count) {
    for (int index = 0; index < count; index++) {
      sums[index] += terms[index];
    }
  }
}
