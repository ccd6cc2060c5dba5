package org.rolescope.inference.forward;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.rolescope.fault.FaultCode;
import org.rolescope.fault.RolescopeException;

/**
 * The logits of a batch, [row, vocab], put together from the parts of the vocabulary that
 * consecutive stages give.
 */
final class LogitsRows {
  private final int rowCount;
  private final int vocabularySize;
  private final ByteBuffer joined;
  private int filledColumns;

  /**
   * No logits yet.
   *
   * @param rowCount rows of every part
   * @param vocabularySize columns of all parts together
   */
  LogitsRows(int rowCount, int vocabularySize) {
    this.rowCount = rowCount;
    this.vocabularySize = vocabularySize;
    this.joined =
        ByteBuffer.allocate(Math.toIntExact((long) rowCount * vocabularySize * Float.BYTES))
            .order(ByteOrder.nativeOrder());
  }

  /**
   * Puts the next part behind those before.
   *
   * @param part float32 in native order, [row, columns]
   * @param columns tokens this part covers
   * @throws RolescopeException MALFORMED_MODEL where the parts are more than the vocabulary
   */
  void add(ByteBuffer part, int columns) {
    if (columns > vocabularySize - filledColumns) {
      throw wrongSize((long) filledColumns + columns);
    }
    int partBytes = columns * Float.BYTES;
    for (int row = 0; row < rowCount; row++) {
      int target = (row * vocabularySize + filledColumns) * Float.BYTES;
      joined.put(target, part, row * partBytes, partBytes);
    }
    filledColumns += columns;
  }

  /**
   * All logits, float32 in native order, row-major [row, vocab].
   *
   * @throws RolescopeException MALFORMED_MODEL where parts are missing
   */
  ByteBuffer bytes() {
    if (filledColumns != vocabularySize) {
      throw wrongSize(filledColumns);
    }
    return joined;
  }

  private RolescopeException wrongSize(long columns) {
    return new RolescopeException(
        FaultCode.MALFORMED_MODEL,
        "The unembedding gives logits for %d tokens but the vocabulary has %d; export the model again"
            .formatted(columns, vocabularySize));
  }
}
