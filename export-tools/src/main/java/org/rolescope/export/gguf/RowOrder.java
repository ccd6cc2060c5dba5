package org.rolescope.export.gguf;

/**
 * The order of the rows of a tensor. Rotary positions turn pairs of rows of each query and key
 * head: in a checkpoint row i of a head with row i + headSize / 2, in a file of llama.cpp row 2i
 * with row 2i + 1.
 *
 * @param headSize rows of a head; 0 where the order is the same in both
 */
record RowOrder(long headSize) {
  /** The order of both is the same. */
  static final RowOrder SAME = new RowOrder(0);

  /** Whether nothing moves. */
  boolean isSame() {
    return headSize == 0;
  }

  /** The row of the file that is this row of the checkpoint. */
  long source(long row) {
    if (isSame()) {
      return row;
    }
    long pairs = headSize / 2;
    long inHead = row % headSize;
    return row - inHead + inHead % pairs * 2 + inHead / pairs;
  }
}
