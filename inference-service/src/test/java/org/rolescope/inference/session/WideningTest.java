package org.rolescope.inference.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.rolescope.tensors.DType;

final class WideningTest {
  @ParameterizedTest
  @EnumSource(
      value = DType.class,
      names = {"F16", "BF16"})
  void everySixteenBitPatternIsWidenedExactlyAndJudgedRight(DType type) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment stored = arena.allocate(2);
      MemorySegment wide = arena.allocate(4);
      for (int bits = 0; bits < 1 << Short.SIZE; bits++) {
        stored.set(ValueLayout.JAVA_SHORT, 0, (short) bits);
        boolean finite = Widening.toFloat32(type, stored, wide);
        float expected =
            type == DType.F16
                ? Float.float16ToFloat((short) bits)
                : Float.intBitsToFloat(bits << Short.SIZE);
        assertThat(Float.floatToIntBits(wide.get(ValueLayout.JAVA_FLOAT, 0)))
            .isEqualTo(Float.floatToIntBits(expected));
        assertThat(finite).isEqualTo(Float.isFinite(expected));
        assertThat(Widening.isFinite(type, stored)).isEqualTo(finite);
      }
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = DType.class,
      names = {"F32", "F16", "BF16"})
  void weightsAreWidenedWhereverTheyBegin(DType type) {
    int count = (3 << 20) + 17;
    try (Arena arena = Arena.ofShared()) {
      // One byte off: nothing promises that tensors in a file are aligned.
      MemorySegment stored = arena.allocate((long) count * type.sizeBytes() + 1, 64).asSlice(1);
      MemorySegment wide = arena.allocate(count * 4L, 64);
      for (int index = 0; index < count; index++) {
        put(type, stored, index, index % 251 - 125);
      }
      assertThat(Widening.toFloat32(type, stored, wide)).isTrue();
      for (int index = 0; index < count; index++) {
        assertThat(wide.getAtIndex(ValueLayout.JAVA_FLOAT, index)).isEqualTo(index % 251 - 125);
      }
      put(type, stored, count - 1, Float.NaN);
      assertThat(Widening.toFloat32(type, stored, wide)).isFalse();
      put(type, stored, count - 1, Float.NEGATIVE_INFINITY);
      assertThat(Widening.isFinite(type, stored)).isFalse();
    }
  }

  @Test
  void largestAndSmallestFloatsAreFinite() {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment stored =
          arena.allocateFrom(
              ValueLayout.JAVA_FLOAT, -Float.MAX_VALUE, Float.MIN_VALUE, -0f, Float.MIN_NORMAL);
      assertThat(Widening.isFinite(DType.F32, stored)).isTrue();
    }
  }

  private static void put(DType type, MemorySegment memory, int index, float value) {
    long offset = (long) index * type.sizeBytes();
    switch (type) {
      case F32 -> memory.set(ValueLayout.JAVA_FLOAT_UNALIGNED, offset, value);
      case F16 -> memory.set(ValueLayout.JAVA_SHORT_UNALIGNED, offset, Float.floatToFloat16(value));
      case BF16 ->
          memory.set(
              ValueLayout.JAVA_SHORT_UNALIGNED,
              offset,
              (short) (Float.floatToRawIntBits(value) >>> Short.SIZE));
      case I64 -> throw new IllegalStateException();
    }
  }
}
