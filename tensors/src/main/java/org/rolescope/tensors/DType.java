package org.rolescope.tensors;

import java.util.Locale;
import java.util.Optional;

/** Element types of checkpoints and tensors; names are those of the safetensors format. */
public enum DType {
  /** IEEE 754 binary32. */
  F32(4),
  /** IEEE 754 binary16. */
  F16(2),
  /** Upper half of a binary32. */
  BF16(2),
  /** Signed 64-bit integer. */
  I64(8);

  private final int sizeBytes;

  DType(int sizeBytes) {
    this.sizeBytes = sizeBytes;
  }

  /** Bytes of one element. */
  public int sizeBytes() {
    return sizeBytes;
  }

  /** The type with this safetensors name, or empty where Rolescope cannot use it. */
  public static Optional<DType> parse(String name) {
    for (DType type : values()) {
      if (type.name().equals(name.toUpperCase(Locale.ROOT))) {
        return Optional.of(type);
      }
    }
    return Optional.empty();
  }
}
