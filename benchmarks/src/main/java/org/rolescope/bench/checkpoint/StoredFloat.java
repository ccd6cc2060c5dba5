package org.rolescope.bench.checkpoint;

import java.nio.ByteBuffer;

/** Element types a checkpoint can be written in. */
public enum StoredFloat {
  /** bfloat16. */
  BF16(Short.BYTES, "bfloat16"),
  /** IEEE 754 binary16. */
  F16(Short.BYTES, "float16"),
  /** IEEE 754 binary32. */
  F32(Float.BYTES, "float32");

  private final int sizeBytes;
  private final String torchName;

  StoredFloat(int sizeBytes, String torchName) {
    this.sizeBytes = sizeBytes;
    this.torchName = torchName;
  }

  /** Bytes of an element. */
  int sizeBytes() {
    return sizeBytes;
  }

  /** Value of {@code torch_dtype}. */
  String torchName() {
    return torchName;
  }

  /** Appends a value; the buffer is little-endian. */
  void put(ByteBuffer buffer, float value) {
    switch (this) {
      case BF16 -> buffer.putShort((short) (Float.floatToIntBits(value) >>> Short.SIZE));
      case F16 -> buffer.putShort(Float.floatToFloat16(value));
      case F32 -> buffer.putFloat(value);
    }
  }
}
