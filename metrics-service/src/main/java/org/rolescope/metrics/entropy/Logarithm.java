package org.rolescope.metrics.entropy;

import java.lang.foreign.MemorySegment;

/**
 * Natural logarithms of many float32 numbers at once, in double. The arithmetic is that of fdlibm's
 * {@code e_log.c} (x = 2^k · m with m between √½ and √2, then a polynomial in s = f / (2 + f) with
 * f = m − 1), without its branches: each step is a loop over arrays that the compiler turns into
 * vector instructions, five times as fast as {@link Math#log}. At most one unit in the last place
 * from {@link StrictMath#log}. Why it is our own: docs/decisions/0010.
 *
 * <p>Holds scratch memory. Not thread-safe.
 */
final class Logarithm {
  /** Makes every subnormal number normal, exactly. */
  private static final float SCALE = 0x1p24f;

  private static final int SCALE_EXPONENT = 24;
  private static final int MANTISSA_BITS = 23;
  private static final int MANTISSA_MASK = (1 << MANTISSA_BITS) - 1;
  private static final int EXPONENT_BIAS = 127;
  private static final int ONE_BITS = 0x3f800000;
  private static final int SQRT_HALF_BITS = 0x3f3504f3;

  private static final double LN2_HIGH = 0x1.62e42feep-1;
  private static final double LN2_LOW = 0x1.a39ef35793c76p-33;
  private static final double L1 = 6.666666666666735130e-01;
  private static final double L2 = 3.999999999940941908e-01;
  private static final double L3 = 2.857142874366239149e-01;
  private static final double L4 = 2.222219843214978396e-01;
  private static final double L5 = 1.818357216161805012e-01;
  private static final double L6 = 1.531383769920937332e-01;
  private static final double L7 = 1.479819860511658591e-01;

  private final float[] floats;
  private final int[] bits;
  private final int[] exponents;
  private final MemorySegment floatMemory;
  private final MemorySegment bitMemory;

  /**
   * Creates a measure.
   *
   * @param capacity most numbers in one call
   */
  Logarithm(int capacity) {
    floats = new float[capacity];
    bits = new int[capacity];
    exponents = new int[capacity];
    floatMemory = MemorySegment.ofArray(floats);
    bitMemory = MemorySegment.ofArray(bits);
  }

  /**
   * Computes ln of each number.
   *
   * @param values the numbers, 0 to 2^100; of 0 comes some finite number, which a factor of 0 makes
   *     0, and anything may come of others
   * @param count how many of them
   * @param logarithms takes the results
   * @return whether one of the numbers has a sign
   */
  boolean of(float[] values, int count, double[] logarithms) {
    scale(values, count, floats);
    // The compiler vectorises no loop over floatToRawIntBits (JDK 25), so memory is copied instead.
    MemorySegment.copy(floatMemory, 0, bitMemory, 0, (long) count * Float.BYTES);
    boolean signed = split(bits, count, exponents);
    MemorySegment.copy(bitMemory, 0, floatMemory, 0, (long) count * Float.BYTES);
    combine(exponents, floats, count, logarithms);
    return signed;
  }

  private static void scale(float[] values, int count, float[] scaled) {
    for (int index = 0; index < count; index++) {
      scaled[index] = values[index] * SCALE;
    }
  }

  /** Leaves the bits of m where those of x were. */
  private static boolean split(int[] bits, int count, int[] exponents) {
    int all = 0;
    for (int index = 0; index < count; index++) {
      all |= bits[index];
      int shifted = bits[index] + (ONE_BITS - SQRT_HALF_BITS);
      exponents[index] = (shifted >> MANTISSA_BITS) - (EXPONENT_BIAS + SCALE_EXPONENT);
      bits[index] = (shifted & MANTISSA_MASK) + SQRT_HALF_BITS;
    }
    return all < 0;
  }

  private static void combine(int[] exponents, float[] mantissas, int count, double[] logarithms) {
    for (int index = 0; index < count; index++) {
      double k = exponents[index];
      double f = mantissas[index] - 1f;
      double s = f / (2 + f);
      double z = s * s;
      double w = z * z;
      double odd = w * (L2 + w * (L4 + w * L6));
      double even = z * (L1 + w * (L3 + w * (L5 + w * L7)));
      double half = 0.5 * f * f;
      logarithms[index] = k * LN2_HIGH - ((half - (s * (half + (odd + even)) + k * LN2_LOW)) - f);
    }
  }
}
