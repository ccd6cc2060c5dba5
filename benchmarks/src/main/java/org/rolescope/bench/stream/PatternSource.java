package org.rolescope.bench.stream;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import org.rolescope.tensors.Axis;
import org.rolescope.tensors.Shape;
import org.rolescope.tensors.TensorView;

/**
 * Patterns from memory, as a model of 32 heads would give them for a batch of 32 prompts.
 *
 * @param tokens tokens of each prompt
 */
public record PatternSource(int tokens) {
  private static final int PROMPTS = 32;
  private static final int HEADS = 32;

  /** Bytes of one pattern. */
  public long tensorBytes() {
    return (long) Float.BYTES * PROMPTS * HEADS * tokens * tokens;
  }

  /** A causal pattern that attends evenly to all visible keys. */
  public TensorView pattern(int layer) {
    ByteBuffer bytes =
        ByteBuffer.allocate(Math.toIntExact(tensorBytes())).order(ByteOrder.LITTLE_ENDIAN);
    for (int row = 0; row < PROMPTS * HEADS * tokens; row++) {
      int visible = row % tokens + 1;
      for (int key = 0; key < tokens; key++) {
        bytes.putFloat(key < visible ? 1f / visible : 0);
      }
    }
    return new TensorView(
        "pattern",
        OptionalInt.of(layer),
        Shape.of(
            new Axis(Axis.BATCH, PROMPTS),
            new Axis(Axis.HEAD, HEADS),
            new Axis(Axis.QUERY_POS, tokens),
            new Axis(Axis.KEY_POS, tokens)),
        IntStream.range(0, PROMPTS).boxed().toList(),
        bytes.flip());
  }
}
