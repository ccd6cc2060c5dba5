package org.rolescope.export.safetensors;

import java.nio.ByteBuffer;

/** Looks for NaN and infinities: an exponent whose bits are all set. */
final class FiniteNumbers {
  private static final int F32_EXPONENT = 0x7f80_0000;
  private static final int F16_EXPONENT = 0x7c00;
  private static final int BF16_EXPONENT = 0x7f80;

  private FiniteNumbers() {}

  /**
   * Position of the first number that is not finite, in bytes from the start; −1 where there is
   * none, or where numbers of this type are not weights.
   *
   * @param bytes whole little-endian numbers; left as it is
   */
  static int firstOther(ByteBuffer bytes, StoredType type) {
    return switch (type) {
      case F32 -> firstOfInts(bytes);
      case F16 -> firstOfShorts(bytes, F16_EXPONENT);
      case BF16 -> firstOfShorts(bytes, BF16_EXPONENT);
      case BOOL, F4, F6_E2M3, F6_E3M2, U8, I8, F8_E5M2, F8_E4M3, F8_E8M0 -> -1;
      case I16, U16, I32, U32, C64, F64, I64, U64 -> -1;
    };
  }

  private static int firstOfInts(ByteBuffer bytes) {
    for (int at = 0; at < bytes.limit(); at += Integer.BYTES) {
      if ((bytes.getInt(at) & F32_EXPONENT) == F32_EXPONENT) {
        return at;
      }
    }
    return -1;
  }

  private static int firstOfShorts(ByteBuffer bytes, int exponent) {
    for (int at = 0; at < bytes.limit(); at += Short.BYTES) {
      if ((bytes.getShort(at) & exponent) == exponent) {
        return at;
      }
    }
    return -1;
  }
}
