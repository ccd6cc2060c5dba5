package org.rolescope.inference.session;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import org.rolescope.tensors.DType;

/**
 * Turns stored weights into float32, exactly: every bfloat16 and every binary16 is a float32. Or
 * into binary16, rounded to the nearest, where products are to be computed in that. On the way it
 * notices values that are not finite; adding one to the lowest exponent bit carries into the sign's
 * place exactly where all exponent bits are set, which is how NaN and infinity look.
 */
final class Widening {
  private static final ValueLayout.OfShort SHORT =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfInt INT =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final int CARRY_16 = 0x8000;

  private Widening() {}

  /**
   * Writes weights as float32.
   *
   * @param type type of the source: F32, F16 or BF16
   * @param source the weights, little-endian
   * @param target as many float32, in native order; must not overlap the source
   * @return whether every value is finite
   */
  static boolean toFloat32(DType type, MemorySegment source, MemorySegment target) {
    long count = source.byteSize() / type.sizeBytes();
    return switch (type) {
      case F32 -> {
        target.copyFrom(source);
        yield isFinite32(source, count);
      }
      case F16 -> widenBinary16(source, target, count);
      case BF16 -> widenBfloat16(source, target, count);
      case I64 -> throw new IllegalArgumentException("integers cannot be widened");
    };
  }

  /**
   * Writes weights as binary16, rounded to the nearest.
   *
   * @param type type of the source: F32 or BF16
   * @param source the weights, little-endian
   * @param target as many binary16; must not overlap the source
   * @return whether every value is finite as binary16, which ends at ±65504
   */
  static boolean toFloat16(DType type, MemorySegment source, MemorySegment target) {
    long count = source.byteSize() / type.sizeBytes();
    switch (type) {
      case F32 -> {
        for (long index = 0; index < count; index++) {
          target.setAtIndex(
              SHORT,
              index,
              Float.floatToFloat16(Float.intBitsToFloat(source.getAtIndex(INT, index))));
        }
      }
      case BF16 -> {
        for (long index = 0; index < count; index++) {
          int bits = source.getAtIndex(SHORT, index) << Short.SIZE;
          target.setAtIndex(SHORT, index, Float.floatToFloat16(Float.intBitsToFloat(bits)));
        }
      }
      default -> throw new IllegalArgumentException(type + " needs no rounding to binary16");
    }
    return isFinite(DType.F16, target);
  }

  /**
   * Whether every value is finite; true for integers.
   *
   * @param type type of the weights
   * @param weights the weights, little-endian
   */
  static boolean isFinite(DType type, MemorySegment weights) {
    long count = weights.byteSize() / type.sizeBytes();
    return switch (type) {
      case F32 -> isFinite32(weights, count);
      case F16 -> isFinite16(weights, count, 0x7c00);
      case BF16 -> isFinite16(weights, count, 0x7f80);
      case I64 -> true;
    };
  }

  private static boolean widenBfloat16(MemorySegment in, MemorySegment out, long count) {
    int carries = 0;
    for (long index = 0; index < count; index++) {
      int bits = in.getAtIndex(SHORT, index);
      carries |= (bits & 0x7f80) + 0x80;
      out.setAtIndex(INT, index, bits << Short.SIZE);
    }
    return (carries & CARRY_16) == 0;
  }

  private static boolean widenBinary16(MemorySegment in, MemorySegment out, long count) {
    int carries = 0;
    for (long index = 0; index < count; index++) {
      short bits = in.getAtIndex(SHORT, index);
      carries |= (bits & 0x7c00) + 0x400;
      out.setAtIndex(ValueLayout.JAVA_FLOAT_UNALIGNED, index, Float.float16ToFloat(bits));
    }
    return (carries & CARRY_16) == 0;
  }

  private static boolean isFinite16(MemorySegment in, long count, int exponent) {
    int carries = 0;
    int lowestBit = exponent & -exponent;
    for (long index = 0; index < count; index++) {
      carries |= (in.getAtIndex(SHORT, index) & exponent) + lowestBit;
    }
    return (carries & CARRY_16) == 0;
  }

  private static boolean isFinite32(MemorySegment in, long count) {
    int carries = 0;
    for (long index = 0; index < count; index++) {
      carries |= (in.getAtIndex(INT, index) & 0x7f800000) + 0x00800000;
    }
    return carries >= 0;
  }
}
