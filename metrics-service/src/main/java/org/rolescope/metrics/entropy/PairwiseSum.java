package org.rolescope.metrics.entropy;

/**
 * Sums float32 in the order of NumPy's {@code sum}: up to 128 values in eight interleaved partial
 * sums, more by halving. The error grows with the logarithm of the count, and the reference entropy
 * of long rows agrees with NumPy's.
 */
final class PairwiseSum {
  private static final int LANES = 8;
  private static final int BLOCK = 128;

  private PairwiseSum() {}

  /** Sum of {@code count} values from {@code start}; 0 for none. */
  static float of(float[] values, int start, int count) {
    if (count > BLOCK) {
      int half = count / 2;
      half -= half % LANES;
      return of(values, start, half) + of(values, start + half, count - half);
    }
    int whole = count - count % LANES;
    float sum = whole == 0 ? 0 : lanes(values, start, start + whole);
    for (int index = start + whole; index < start + count; index++) {
      sum += values[index];
    }
    return sum;
  }

  /** Sum of values from {@code start} to before {@code end}, a multiple of eight and not none. */
  private static float lanes(float[] values, int start, int end) {
    float lane0 = values[start];
    float lane1 = values[start + 1];
    float lane2 = values[start + 2];
    float lane3 = values[start + 3];
    float lane4 = values[start + 4];
    float lane5 = values[start + 5];
    float lane6 = values[start + 6];
    float lane7 = values[start + 7];
    for (int index = start + LANES; index < end; index += LANES) {
      lane0 += values[index];
      lane1 += values[index + 1];
      lane2 += values[index + 2];
      lane3 += values[index + 3];
      lane4 += values[index + 4];
      lane5 += values[index + 5];
      lane6 += values[index + 6];
      lane7 += values[index + 7];
    }
    return ((lane0 + lane1) + (lane2 + lane3)) + ((lane4 + lane5) + (lane6 + lane7));
  }
}
