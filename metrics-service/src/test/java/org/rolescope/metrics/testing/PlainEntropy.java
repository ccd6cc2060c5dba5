package org.rolescope.metrics.testing;

/** Entropy of one row, written as plainly as the definitions allow. */
public final class PlainEntropy {
  private static final int LANES = 8;
  private static final int BLOCK = 128;

  private PlainEntropy() {}

  /** −Σ A ln A over the visible keys of a row, nats. */
  public static double exact(float[] row, int visibleKeys) {
    double sum = 0;
    for (int key = 0; key < visibleKeys; key++) {
      double weight = row[key];
      if (weight != 0) {
        sum += weight * Math.log(weight);
      }
    }
    return 0 - sum;
  }

  /** Exact without key 0, renormalised, nats. */
  public static double withoutSink(float[] row, int visibleKeys) {
    double total = 0;
    for (int key = 1; key < visibleKeys; key++) {
      total += row[key];
    }
    double sum = 0;
    for (int key = 1; key < visibleKeys; key++) {
      double share = row[key] / total;
      sum += share == 0 ? 0 : share * Math.log(share);
    }
    return 0 - sum;
  }

  /** The published study's, step by step in float32, nats. */
  public static float reference(float[] row) {
    float[] terms = new float[row.length];
    for (int key = 0; key < row.length; key++) {
      terms[key] = row[key] + 1e-8f;
    }
    float total = sum(terms, 0, terms.length);
    for (int key = 0; key < row.length; key++) {
      float share = terms[key] / total;
      terms[key] = share * (float) Math.log(share);
    }
    return 0 - sum(terms, 0, terms.length);
  }

  /** NumPy's order: eight partial sums, more than 128 values by halving. */
  private static float sum(float[] values, int start, int count) {
    if (count > BLOCK) {
      int half = count / 2;
      half -= half % LANES;
      return sum(values, start, half) + sum(values, start + half, count - half);
    }
    float[] lanes = new float[LANES];
    int whole = count - count % LANES;
    for (int index = 0; index < whole; index++) {
      lanes[index % LANES] += values[start + index];
    }
    float sum =
        ((lanes[0] + lanes[1]) + (lanes[2] + lanes[3]))
            + ((lanes[4] + lanes[5]) + (lanes[6] + lanes[7]));
    for (int index = whole; index < count; index++) {
      sum += values[start + index];
    }
    return sum;
  }
}
