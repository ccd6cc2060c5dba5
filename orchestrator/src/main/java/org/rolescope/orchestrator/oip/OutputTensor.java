package org.rolescope.orchestrator.oip;

import static java.util.Objects.requireNonNull;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.BitSet;
import java.util.List;
import org.rolescope.fault.FaultCode;
import org.rolescope.fault.RolescopeException;
import org.rolescope.tensors.TensorView;

/**
 * A tensor of an answer while it is filled: prompt by prompt, the first axis being the prompts.
 * Bytes are row-major and little-endian. Not thread-safe.
 */
final class OutputTensor {
  private final String name;
  private final Output output;
  private final List<Long> shape;
  private final ByteBuffer bytes;
  private final BitSet filledPrompts = new BitSet();

  /**
   * Allocates it, all zero.
   *
   * @param name as it was asked for
   * @param shape sizes of its axes; none is {@link Sizes#VARIABLE}
   */
  OutputTensor(String name, Output output, List<Long> shape) {
    this.name = requireNonNull(name, "name is null");
    this.output = requireNonNull(output, "output is null");
    this.shape = List.copyOf(shape);
    this.bytes =
        ByteBuffer.allocate(Math.toIntExact(sizeBytes(output, shape)))
            .order(ByteOrder.LITTLE_ENDIAN);
  }

  /**
   * Bytes of a tensor of this shape.
   *
   * @throws ArithmeticException where a long cannot hold them
   */
  static long sizeBytes(Output output, List<Long> shape) {
    return shape.stream().reduce((long) output.datatype().sizeBytes(), Math::multiplyExact);
  }

  String name() {
    return name;
  }

  Output output() {
    return output;
  }

  List<Long> shape() {
    return shape;
  }

  /** The elements; shares the memory. */
  ByteString bytes() {
    return UnsafeByteOperations.unsafeWrap(bytes.duplicate().clear());
  }

  /** Sets one element of an {@code INT64} tensor. */
  void putLong(int element, long value) {
    bytes.putLong(element * Long.BYTES, value);
  }

  /** Sets one element of an {@code FP64} tensor. */
  void putDouble(int element, double value) {
    bytes.putDouble(element * Double.BYTES, value);
  }

  /**
   * Copies the prompts of a captured batch to their places.
   *
   * @throws RolescopeException DATA_LOSS where the tensor is not of the size it must have
   */
  void putBatch(TensorView tensor) {
    int strideBytes = bytes.capacity() / promptCount();
    ByteBuffer source = tensor.bytes();
    require((long) strideBytes * tensor.promptIndices().size() == source.remaining());
    for (int prompt : tensor.promptIndices()) {
      require(prompt >= 0 && prompt < promptCount());
      bytes.put(prompt * strideBytes, source, source.position(), strideBytes);
      source.position(source.position() + strideBytes);
      filledPrompts.set(prompt);
    }
  }

  /**
   * Confirms that {@link #putBatch} was given every prompt.
   *
   * @throws RolescopeException DATA_LOSS where it was not
   */
  void requireAllPrompts() {
    require(filledPrompts.cardinality() == promptCount());
  }

  private int promptCount() {
    return Math.toIntExact(shape.getFirst());
  }

  private void require(boolean holds) {
    if (!holds) {
      throw new RolescopeException(
          FaultCode.DATA_LOSS,
          "What the inference service sent does not fill output %s %s; check that all services are of one version"
              .formatted(name, shape));
    }
  }
}
