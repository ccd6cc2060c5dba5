package org.rolescope.inference.intervene;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.List;

/**
 * Values to put in place of a model's own. They are looked at where they are, not copied.
 *
 * @param values values of each prompt, float32, little-endian, row-major; the bytes that remain
 * @param fromSource whether the values of the source run are taken instead
 */
public record Patch(List<ByteBuffer> values, boolean fromSource) {
  /** Takes read-only views. */
  public Patch {
    values = values.stream().map(ByteBuffer::asReadOnlyBuffer).toList();
  }

  /** Bytes of all prompts. */
  long sizeBytes() {
    return values.stream().mapToLong(ByteBuffer::remaining).sum();
  }

  /**
   * The values of a prompt.
   *
   * @param place place of the prompt among those the intervention changes
   */
  FloatBuffer floats(int place) {
    return values.get(place).duplicate().order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer();
  }
}
