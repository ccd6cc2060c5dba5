package org.rolescope.metrics.entropy;

/**
 * Value norms of several heads and prompts, side by side as {@link PatternBlock} lays attention
 * out: [key, row] in chunks of eight keys. Not thread-safe.
 */
final class NormBlock {
  private static final int LANES = PatternBlock.LANES;

  private final int positions;
  private final int rows;
  private final double[][] norms;
  private final double[][] logarithms;

  /**
   * Creates a block.
   *
   * @param positions number of keys
   * @param rows number of rows side by side
   */
  NormBlock(int positions, int rows) {
    this.positions = positions;
    this.rows = rows;
    norms = new double[PatternBlock.chunkCount(positions)][LANES * rows];
    logarithms = new double[norms.length][LANES * rows];
  }

  /**
   * Begins with other heads.
   *
   * @param values norms, [matrix, key_pos]; finite and not negative
   * @param first the first matrix
   * @param count how many matrices; no more than the rows of this block
   */
  void begin(float[] values, int first, int count) {
    for (int key = 0; key < positions; key++) {
      int lane = key % LANES * rows;
      for (int row = 0; row < count; row++) {
        double norm = values[(first + row) * positions + key];
        norms[key / LANES][lane + row] = norm;
        // 0 · ln 0 = 0: any finite number will do.
        logarithms[key / LANES][lane + row] = norm == 0 ? 0 : Math.log(norm);
      }
    }
  }

  /** Norms of eight keys, [lane, row]. */
  double[] norms(int chunk) {
    return norms[chunk];
  }

  /** Their natural logarithms. */
  double[] logarithms(int chunk) {
    return logarithms[chunk];
  }
}
