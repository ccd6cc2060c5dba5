package org.rolescope.inference.session;

import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import org.rolescope.tensors.DType;
import org.rolescope.tensors.bundle.StageWeight;

/**
 * The weights of one stage as tensors: those stored as they are needed lie in the mapped file,
 * those stored in 16 bits and needed in float32 are widened into memory of their own. Owns both.
 */
final class WeightTensors implements AutoCloseable {
  private static final ValueLayout.OfShort STORED_16_BIT =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private final Arena widened = Arena.ofShared();
  private final List<OnnxTensor> tensors = new ArrayList<>();
  private final WeightMapping mapping;

  WeightTensors(WeightMapping mapping) {
    this.mapping = mapping;
  }

  /** The weight in its stored type, in place. */
  OnnxTensor stored(StageWeight weight) throws OrtException {
    return tensor(mapping.bytes(weight), weight, javaType(weight.dataType()));
  }

  /** The weight in float32. */
  OnnxTensor float32(StageWeight weight) throws OrtException {
    MemorySegment stored = mapping.bytes(weight);
    return switch (weight.dataType()) {
      case F32 -> stored(weight);
      case BF16, F16 -> tensor(widen(stored, weight.dataType()), weight, OnnxJavaType.FLOAT);
      case I64 -> throw new IllegalArgumentException(weight.name() + " holds integers");
    };
  }

  @Override
  public void close() {
    tensors.forEach(OnnxTensor::close);
    widened.close();
  }

  private MemorySegment widen(MemorySegment stored, DType type) {
    long count = stored.byteSize() / Short.BYTES;
    MemorySegment floats = widened.allocate(count * Float.BYTES, 64);
    for (long index = 0; index < count; index++) {
      short bits = stored.getAtIndex(STORED_16_BIT, index);
      float value =
          type == DType.BF16
              ? Float.intBitsToFloat(bits << Short.SIZE)
              : Float.float16ToFloat(bits);
      floats.setAtIndex(ValueLayout.JAVA_FLOAT, index, value);
    }
    return floats;
  }

  private OnnxTensor tensor(MemorySegment bytes, StageWeight weight, OnnxJavaType type)
      throws OrtException {
    ByteBuffer buffer = bytes.asByteBuffer().order(ByteOrder.nativeOrder());
    long[] shape = weight.shape().stream().mapToLong(Long::longValue).toArray();
    OnnxTensor tensor = OnnxTensor.createTensor(OnnxRuntime.environment(), buffer, shape, type);
    tensors.add(tensor);
    return tensor;
  }

  private static OnnxJavaType javaType(DType type) {
    return switch (type) {
      case F32 -> OnnxJavaType.FLOAT;
      case F16 -> OnnxJavaType.FLOAT16;
      case BF16 -> OnnxJavaType.BFLOAT16;
      case I64 -> OnnxJavaType.INT64;
    };
  }
}
