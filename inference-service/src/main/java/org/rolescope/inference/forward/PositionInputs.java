package org.rolescope.inference.forward;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.Map;
import org.rolescope.inference.session.StageTensor;
import org.rolescope.tensors.bundle.RotaryEmbedding;

/**
 * What every block needs to know about positions: {@code cos} and {@code sin} [batch, pos,
 * d_head/2] of the rotary embedding and the causal {@code mask} [batch, query_pos, key_pos], 0
 * where the key is visible and the most negative float where it lies in the future. One row serves
 * the whole batch by broadcasting over a batch axis of 1.
 */
record PositionInputs(StageTensor cos, StageTensor sin, StageTensor mask) implements AutoCloseable {
  static PositionInputs of(RotaryEmbedding rotary, int length) {
    int pairs = rotary.inverseFrequencies(length).size();
    FloatBuffer cos = floats(length * pairs);
    FloatBuffer sin = floats(length * pairs);
    for (int position = 0; position < length; position++) {
      for (double inverseFrequency : rotary.inverseFrequencies(length)) {
        double angle = position * inverseFrequency;
        cos.put((float) (Math.cos(angle) * rotary.attentionScaling()));
        sin.put((float) (Math.sin(angle) * rotary.attentionScaling()));
      }
    }
    return new PositionInputs(
        StageTensor.ofFloats(cos.flip(), 1, length, pairs),
        StageTensor.ofFloats(sin.flip(), 1, length, pairs),
        StageTensor.ofFloats(causalMask(length), 1, length, length));
  }

  /** The inputs by name. */
  Map<String, StageTensor> byName() {
    return Map.of("cos", cos, "sin", sin, "mask", mask);
  }

  @Override
  public void close() {
    cos.close();
    sin.close();
    mask.close();
  }

  private static FloatBuffer causalMask(int length) {
    FloatBuffer mask = floats(length * length);
    for (int query = 0; query < length; query++) {
      for (int key = 0; key < length; key++) {
        // Finite, so that no row can become NaN; exp of it is exactly 0 beside any visible key.
        mask.put(key <= query ? 0f : -Float.MAX_VALUE);
      }
    }
    return mask.flip();
  }

  private static FloatBuffer floats(int count) {
    return ByteBuffer.allocateDirect(Math.multiplyExact(count, Float.BYTES))
        .order(ByteOrder.nativeOrder())
        .asFloatBuffer();
  }
}
