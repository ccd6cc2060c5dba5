package org.rolescope.inference.session;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.stream.LongStream;
import org.rolescope.tensors.DType;

/**
 * Turns stored weights into float32, exactly: every bfloat16 and every binary16 is a float32. On
 * the way it notices values that are not finite; adding one to the lowest exponent bit carries into
 * the sign's place exactly where all exponent bits are set, which is how NaN and infinity look.
 */
final class Widening {
  private static final ValueLayout.OfShort SHORT =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfInt INT =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final int CARRY_16 = 0x8000;

  /** Elements a task converts: some MiB, so that all cores share even one large tensor. */
  private static final long TASK_ELEMENTS = 1L << 20;

  private Widening() {}

  /**
   * Writes weights as float32, on all cores.
   *
   * @param type type of the source: F32, F16 or BF16
   * @param source the weights, little-endian
   * @param target as many float32, in native order; must not overlap the source
   * @return whether every value is finite
   */
  static boolean toFloat32(DType type, MemorySegment source, MemorySegment target) {
    return inTasks(
        source.byteSize() / type.sizeBytes(),
        (from, count) -> {
          MemorySegment in = source.asSlice(from * type.sizeBytes(), count * type.sizeBytes());
          MemorySegment out = target.asSlice(from * Float.BYTES, count * Float.BYTES);
          return convert(type, in, out, count);
        });
  }

  /**
   * Whether every value is finite; true for integers.
   *
   * @param type type of the weights
   * @param weights the weights, little-endian
   */
  static boolean isFinite(DType type, MemorySegment weights) {
    return inTasks(
        weights.byteSize() / type.sizeBytes(),
        (from, count) -> {
          MemorySegment in = weights.asSlice(from * type.sizeBytes(), count * type.sizeBytes());
          return switch (type) {
            case F32 -> isFinite32(in, count);
            case F16 -> isFinite16(in, count, 0x7c00);
            case BF16 -> isFinite16(in, count, 0x7f80);
            case I64 -> true;
          };
        });
  }

  private static boolean convert(DType type, MemorySegment in, MemorySegment out, long count) {
    return switch (type) {
      case F32 -> {
        out.copyFrom(in);
        yield isFinite32(in, count);
      }
      case F16 -> widenBinary16(in, out, count);
      case BF16 -> widenBfloat16(in, out, count);
      case I64 -> throw new IllegalArgumentException("integers cannot be widened");
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

  private static boolean inTasks(long elements, Task task) {
    long tasks = Math.ceilDiv(elements, TASK_ELEMENTS);
    if (tasks <= 1) {
      return task.run(0, elements);
    }
    return LongStream.range(0, tasks)
        .parallel()
        .allMatch(
            index -> {
              long from = index * TASK_ELEMENTS;
              return task.run(from, Math.min(TASK_ELEMENTS, elements - from));
            });
  }

  /** Works on some elements; false where one is not finite. */
  private interface Task {
    boolean run(long from, long count);
  }
}
