package org.rolescope.metrics.entropy;

import java.nio.FloatBuffer;
import java.util.Arrays;

/**
 * Rows of one query position from several heads and prompts, side by side: [key, row], cut into
 * chunks of eight keys. What is done to every key of every row is then one loop over an array, and
 * what is summed over keys an addition of arrays; the compiler makes vector instructions of both. A
 * row for itself is too short for them.
 *
 * <p>Not thread-safe. The arrays are shared within the package and change with each {@link
 * #select}.
 */
final class PatternBlock {
  /** Keys in a chunk: as many as NumPy sums side by side. */
  static final int LANES = 8;

  /** Floats of one head that are read at once. */
  private static final int BAND = 256;

  private final int positions;
  private final int rows;
  private final int bandPositions;
  private final float[] band;
  private final float[] zeros;
  private final float[][] chunks;
  private FloatBuffer attention;
  private int firstMatrix;
  private int matrixCount;
  private int bandStart;
  private int keys;

  /**
   * Creates a block.
   *
   * @param positions number of query positions, which is the number of keys too
   * @param rows number of rows side by side
   */
  PatternBlock(int positions, int rows) {
    this.positions = positions;
    this.rows = rows;
    bandPositions = Math.clamp(BAND / positions, 1, positions);
    band = new float[rows * bandPositions * positions];
    zeros = new float[positions];
    chunks = new float[chunkCount(positions)][LANES * rows];
  }

  /** Number of chunks that so many keys take. */
  static int chunkCount(int keys) {
    return (keys + LANES - 1) / LANES;
  }

  /**
   * Begins with other heads.
   *
   * @param pattern attention, [matrix, query_pos, key_pos]
   * @param first the first matrix
   * @param count how many matrices; no more than the rows of this block
   */
  void begin(FloatBuffer pattern, int first, int count) {
    attention = pattern;
    firstMatrix = first;
    matrixCount = count;
    bandStart = -bandPositions;
  }

  /**
   * Takes the rows of a query position; positions must come in order, from 0.
   *
   * @param query the position
   * @param visibleKeys how many keys from the first it can see
   */
  void select(int query, int visibleKeys) {
    if (query >= bandStart + bandPositions) {
      readBand(query);
    }
    keys = visibleKeys;
    for (int row = 0; row < matrixCount; row++) {
      int start = start(row, query);
      if (!Arrays.equals(
          band, start + visibleKeys, start + positions, zeros, 0, positions - visibleKeys)) {
        keys = positions;
      }
    }
    for (int row = 0; row < matrixCount; row++) {
      scatter(row, start(row, query));
    }
  }

  /** Number of rows side by side; those beyond the matrices hold nothing of meaning. */
  int rows() {
    return rows;
  }

  /**
   * Number of keys that are laid out: those the query can see, and all where one it cannot see has
   * some weight.
   */
  int keys() {
    return keys;
  }

  /** Attention of eight keys, [lane, row]; filled up to {@link #keys}. */
  float[] chunk(int chunk) {
    return chunks[chunk];
  }

  /** A copy of one row as it lies in the tensor, [key_pos]. */
  float[] row(int row, int query) {
    int start = start(row, query);
    return Arrays.copyOfRange(band, start, start + positions);
  }

  private int start(int row, int query) {
    return (row * bandPositions + query - bandStart) * positions;
  }

  private void readBand(int query) {
    bandStart = query;
    int count = Math.min(bandPositions, positions - query) * positions;
    for (int row = 0; row < matrixCount; row++) {
      int from = ((firstMatrix + row) * positions + query) * positions;
      attention.get(from, band, row * bandPositions * positions, count);
    }
  }

  private void scatter(int row, int start) {
    for (int key = 0; key < keys; key += LANES) {
      float[] chunk = chunks[key / LANES];
      int count = Math.min(LANES, keys - key);
      for (int lane = 0; lane < count; lane++) {
        chunk[lane * rows + row] = band[start + key + lane];
      }
    }
  }
}
