package org.rolescope.orchestrator.artifacts;

import java.nio.ByteBuffer;
import java.util.List;

/**
 * Attention pattern of one layer and one prompt.
 *
 * @param headCount size of the first axis, head
 * @param tokenCount size of the second and third axis, query_pos and key_pos
 * @param bytes float32 little-endian, [head, query_pos, key_pos] row-major, position 0 to limit
 */
public record PromptPattern(int headCount, int tokenCount, ByteBuffer bytes) {
  /** Makes the view read-only and checks that the bytes fit the axes. */
  public PromptPattern {
    bytes = bytes.slice().asReadOnlyBuffer();
    long expectedBytes = sizeBytes(headCount, tokenCount);
    if (bytes.remaining() != expectedBytes) {
      throw new IllegalArgumentException(
          "a pattern of %d heads and %d tokens takes %d bytes but %d were given"
              .formatted(headCount, tokenCount, expectedBytes, bytes.remaining()));
    }
  }

  /** Bytes such a pattern takes. */
  public static long sizeBytes(int headCount, int tokenCount) {
    return (long) headCount * tokenCount * tokenCount * Float.BYTES;
  }

  /** A fresh view of the bytes with its own position. */
  @Override
  public ByteBuffer bytes() {
    return bytes.duplicate();
  }

  NpyArray array() {
    return NpyArray.float32(List.of(headCount, tokenCount, tokenCount), bytes());
  }
}
