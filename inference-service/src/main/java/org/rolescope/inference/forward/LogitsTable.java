package org.rolescope.inference.forward;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import org.rolescope.tensors.TensorView;

/** The logits of all prompts of a run, [batch, vocab] in the order of the request. */
final class LogitsTable {
  private final int promptCount;
  private final int vocabularySize;
  private final ByteBuffer bytes;

  /** No logits yet. */
  LogitsTable(int promptCount, int vocabularySize) {
    this.promptCount = promptCount;
    this.vocabularySize = vocabularySize;
    this.bytes = ByteBuffer.allocate(Math.toIntExact(sizeBytes(promptCount, vocabularySize)));
  }

  /** Memory that a table takes, bytes. */
  static long sizeBytes(int promptCount, int vocabularySize) {
    return (long) Float.BYTES * promptCount * vocabularySize;
  }

  /**
   * Puts the logits of a prompt in their place.
   *
   * @param prompt index of the prompt
   * @param logits those of a batch, [batch, vocab]
   * @param row row of the prompt in the batch
   */
  void put(int prompt, TensorView logits, int row) {
    int rowBytes = Float.BYTES * vocabularySize;
    bytes.put(prompt * rowBytes, logits.bytes(), row * rowBytes, rowBytes);
  }

  /** Puts all logits of a batch in their places. */
  void putAll(TensorView logits) {
    for (int row = 0; row < logits.promptIndices().size(); row++) {
      put(logits.promptIndices().get(row), logits, row);
    }
  }

  /** The logits; the table is not used afterwards. */
  TensorView view() {
    List<Integer> prompts = IntStream.range(0, promptCount).boxed().toList();
    return new TensorView(
        CaptureSelection.LOGITS,
        OptionalInt.empty(),
        TapShapes.of(CaptureSelection.LOGITS, new long[] {promptCount, vocabularySize}),
        prompts,
        bytes.order(ByteOrder.LITTLE_ENDIAN));
  }
}
