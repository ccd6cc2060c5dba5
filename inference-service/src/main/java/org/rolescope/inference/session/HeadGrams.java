package org.rolescope.inference.session;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;

/**
 * W Wᵀ of every head of a layer, W being the head's part of the output projection, [d_head,
 * d_model]: all it takes to find the norm of v W without computing v W. Small beside the projection
 * and made once for all batches of a pass.
 */
final class HeadGrams implements AutoCloseable {
  private final WeightBlock block;
  private final int headCount;
  private final int headSize;

  /**
   * Memory for the matrices, its content undefined.
   *
   * @param headCount heads of the layer
   * @param headSize width of a head
   */
  HeadGrams(int headCount, int headSize) {
    this.headCount = headCount;
    this.headSize = headSize;
    long elements = Math.multiplyExact((long) headCount * headSize, headSize);
    block = WeightBlock.allocate(elements * Double.BYTES, NativeHandles.Scope.PASS);
  }

  int headCount() {
    return headCount;
  }

  int headSize() {
    return headSize;
  }

  /** The matrix of a head in place, float64 [d_head, d_head]; the caller closes it. */
  OnnxTensor ofHead(int head) {
    long bytes = (long) headSize * headSize * Double.BYTES;
    return tensor(block.slice(head * bytes, bytes), headSize, headSize);
  }

  /**
   * All matrices in place; the caller closes the tensor.
   *
   * @param keyValueHeads key/value heads; the heads of a group, which share one, follow each other
   * @return float64 [key_value_head, group, d_head, d_head]
   */
  OnnxTensor byGroup(long keyValueHeads) {
    long bytes = (long) headCount * headSize * headSize * Double.BYTES;
    long group = headCount / keyValueHeads;
    return tensor(block.slice(0, bytes), keyValueHeads, group, headSize, headSize);
  }

  @Override
  public void close() {
    block.close();
  }

  private static OnnxTensor tensor(MemorySegment memory, long... shape) {
    try {
      return OnnxTensor.createTensor(
          OnnxRuntime.environment(),
          memory.asByteBuffer().order(ByteOrder.nativeOrder()).asDoubleBuffer(),
          shape);
    } catch (OrtException failed) {
      throw OnnxRuntime.failure("placing the products of a projection", failed);
    }
  }
}
