package org.rolescope.export.graph;

import ai.onnx.proto.OnnxMl.TensorProto.DataType;
import org.rolescope.tensors.DType;

/** Element types of graph values. */
public enum ElementType {
  /** IEEE 754 binary32. */
  FLOAT32(DataType.FLOAT),
  /** IEEE 754 binary16. */
  FLOAT16(DataType.FLOAT16),
  /** Upper half of a binary32. */
  BFLOAT16(DataType.BFLOAT16),
  /** Signed 64-bit integer. */
  INT64(DataType.INT64);

  private final DataType onnx;

  ElementType(DataType onnx) {
    this.onnx = onnx;
  }

  /** The number ONNX gives this type. */
  public int onnxNumber() {
    return onnx.getNumber();
  }

  /** The type of graph values whose elements are stored like this. */
  public static ElementType of(DType stored) {
    return switch (stored) {
      case F32 -> FLOAT32;
      case F16 -> FLOAT16;
      case BF16 -> BFLOAT16;
      case I64 -> INT64;
    };
  }
}
