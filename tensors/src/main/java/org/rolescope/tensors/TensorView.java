package org.rolescope.tensors;

import static java.util.Objects.requireNonNull;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.List;
import java.util.OptionalInt;

/**
 * A captured float32 tensor: what it is and a read-only view of its bytes.
 *
 * @param name tap name: {@code value_norm}, {@code pattern}, {@code z}, {@code mlp_out}, {@code
 *     resid_post}, {@code logits}
 * @param layer layer it belongs to, counting from 0; empty for {@code logits}
 * @param shape named axes, row-major
 * @param promptIndices for each element of the batch axis, the index of its prompt
 * @param bytes the elements, float32 little-endian, row-major; position 0 to limit
 */
public record TensorView(
    String name, OptionalInt layer, Shape shape, List<Integer> promptIndices, ByteBuffer bytes) {
  /** Copies the indices, shares the memory of the bytes, and checks that they fit the shape. */
  public TensorView {
    requireNonNull(name, "name is null");
    requireNonNull(layer, "layer is null");
    promptIndices = List.copyOf(promptIndices);
    bytes = bytes.slice().order(ByteOrder.LITTLE_ENDIAN);
    long expectedBytes = Math.multiplyExact(shape.elementCount(), (long) DType.F32.sizeBytes());
    if (bytes.remaining() != expectedBytes) {
      throw new IllegalArgumentException(
          "tensor %s %s takes %d bytes but %d were given"
              .formatted(name, shape, expectedBytes, bytes.remaining()));
    }
    if (!shape.axes().isEmpty()
        && shape.axes().getFirst().name().equals(Axis.BATCH)
        && shape.axes().getFirst().size() != promptIndices.size()) {
      throw new IllegalArgumentException(
          "tensor %s has a batch of %d but %d prompt indices"
              .formatted(name, shape.axes().getFirst().size(), promptIndices.size()));
    }
  }

  /** A fresh read-only view of the bytes with its own position. */
  @Override
  public ByteBuffer bytes() {
    return bytes.asReadOnlyBuffer().order(ByteOrder.LITTLE_ENDIAN);
  }

  /**
   * A fresh view of the bytes that is not marked read-only, though nobody may write to it. For the
   * wire package alone: checksums and protobuf copy a buffer whose array they cannot reach.
   */
  public ByteBuffer unguardedBytes() {
    return bytes.duplicate().order(ByteOrder.LITTLE_ENDIAN);
  }

  /** The same tensor over memory of its own. */
  public TensorView copy() {
    ByteBuffer own = ByteBuffer.allocate(bytes.remaining()).put(bytes()).flip();
    return new TensorView(name, layer, shape, promptIndices, own);
  }

  /** The elements as floats, row-major. */
  public FloatBuffer floats() {
    return bytes().asFloatBuffer();
  }

  /**
   * The elements of one prompt of the batch, as floats: everything behind the batch axis.
   *
   * @param batchIndex position on the batch axis
   */
  public FloatBuffer floatsOf(int batchIndex) {
    int stride = Math.toIntExact(shape.elementCount() / promptIndices.size());
    return floats().slice(Math.multiplyExact(batchIndex, stride), stride);
  }
}
