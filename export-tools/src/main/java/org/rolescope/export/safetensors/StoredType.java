package org.rolescope.export.safetensors;

import java.util.Arrays;
import java.util.Optional;
import org.rolescope.tensors.DType;

/**
 * Every element type the safetensors format knows, whether Rolescope can compute with it or not: a
 * file may hold tensors no stage asks for.
 */
public enum StoredType {
  /** Truth value, one byte. */
  BOOL(8),
  /** 4-bit float. */
  F4(4),
  /** 6-bit float, 2 exponent bits. */
  F6_E2M3(6),
  /** 6-bit float, 3 exponent bits. */
  F6_E3M2(6),
  /** Unsigned byte. */
  U8(8),
  /** Signed byte. */
  I8(8),
  /** 8-bit float, 5 exponent bits. */
  F8_E5M2(8),
  /** 8-bit float, 4 exponent bits. */
  F8_E4M3(8),
  /** 8-bit scale, exponent only. */
  F8_E8M0(8),
  /** Signed 16-bit integer. */
  I16(16),
  /** Unsigned 16-bit integer. */
  U16(16),
  /** IEEE 754 binary16. */
  F16(16),
  /** Upper half of a binary32. */
  BF16(16),
  /** Signed 32-bit integer. */
  I32(32),
  /** Unsigned 32-bit integer. */
  U32(32),
  /** IEEE 754 binary32. */
  F32(32),
  /** Complex number of two binary32. */
  C64(64),
  /** IEEE 754 binary64. */
  F64(64),
  /** Signed 64-bit integer. */
  I64(64),
  /** Unsigned 64-bit integer. */
  U64(64);

  private final int sizeBits;

  StoredType(int sizeBits) {
    this.sizeBits = sizeBits;
  }

  /** Bits of one element. */
  public int sizeBits() {
    return sizeBits;
  }

  /** The same type as Rolescope computes with it, or empty where it cannot. */
  public Optional<DType> dataType() {
    return DType.parse(name());
  }

  /** The type with exactly this name, or empty where the format has none. */
  static Optional<StoredType> parse(String name) {
    return Arrays.stream(values()).filter(type -> type.name().equals(name)).findFirst();
  }
}
