package org.rolescope.inference.session;

import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;

/** A tensor in native memory. Whoever got it closes it. */
public final class StageTensor implements AutoCloseable {
  private final OnnxTensor tensor;
  private final NativeHandles.Handle handle = new NativeHandles.Handle(NativeHandles.Scope.PASS);

  StageTensor(OnnxTensor tensor) {
    this.tensor = tensor;
  }

  /**
   * A float32 tensor of these values.
   *
   * @param values direct buffer in native order, used in place
   * @param shape sizes, row-major
   */
  public static StageTensor ofFloats(FloatBuffer values, long... shape) {
    try {
      return new StageTensor(OnnxTensor.createTensor(OnnxRuntime.environment(), values, shape));
    } catch (OrtException failed) {
      throw OnnxRuntime.failure("creating an input", failed);
    }
  }

  /**
   * An int64 tensor of these values.
   *
   * @param values the elements
   * @param shape sizes, row-major
   */
  public static StageTensor ofLongs(long[] values, long... shape) {
    try {
      return new StageTensor(
          OnnxTensor.createTensor(OnnxRuntime.environment(), LongBuffer.wrap(values), shape));
    } catch (OrtException failed) {
      throw OnnxRuntime.failure("creating an input", failed);
    }
  }

  /**
   * A boolean tensor of these values.
   *
   * @param values direct buffer, used in place; 1 is true, 0 is false
   * @param shape sizes, row-major
   */
  public static StageTensor ofBooleans(ByteBuffer values, long... shape) {
    try {
      return new StageTensor(
          OnnxTensor.createTensor(OnnxRuntime.environment(), values, shape, OnnxJavaType.BOOL));
    } catch (OrtException failed) {
      throw OnnxRuntime.failure("creating an input", failed);
    }
  }

  /** Sizes, row-major. */
  public long[] shape() {
    return tensor.getInfo().getShape();
  }

  /** A copy of the elements outside native memory, in native byte order. */
  public ByteBuffer copyBytes() {
    return tensor.getByteBuffer();
  }

  /**
   * The rows at the last position of float32 [batch, pos, width].
   *
   * @return float32 [batch, width]; the caller closes it
   */
  public StageTensor lastRows() {
    long[] shape = shape();
    int length = Math.toIntExact(shape[1]);
    int width = Math.toIntExact(shape[2]);
    FloatBuffer all = copyBytes().order(ByteOrder.nativeOrder()).asFloatBuffer();
    FloatBuffer last =
        ByteBuffer.allocateDirect(Math.toIntExact(shape[0] * width * Float.BYTES))
            .order(ByteOrder.nativeOrder())
            .asFloatBuffer();
    for (int row = 0; row < shape[0]; row++) {
      last.put(all.slice((row * length + length - 1) * width, width));
    }
    return ofFloats(last.flip(), shape[0], width);
  }

  @Override
  public void close() {
    tensor.close();
    handle.close();
  }

  /** A copy of int64 elements. */
  long[] copyLongs() {
    LongBuffer elements = tensor.getLongBuffer();
    long[] copy = new long[elements.remaining()];
    elements.get(copy);
    return copy;
  }

  OnnxTensor onnx() {
    return tensor;
  }
}
