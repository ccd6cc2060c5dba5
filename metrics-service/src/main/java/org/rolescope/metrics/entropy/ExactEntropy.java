package org.rolescope.metrics.entropy;

/** Shannon entropy over the keys a query can see. METRICS §1, "exact". */
public final class ExactEntropy {
  private ExactEntropy() {}

  /**
   * H = −Σ A ln A over the visible keys, with 0 · ln 0 = 0, accumulated in double.
   *
   * @param row attention of one query position, [key_pos]; not negative. NaN gives NaN
   * @param visibleKeys how many keys from the first the query can see; 0 gives 0
   * @return entropy in nats, between 0 and ln visibleKeys where the row sums to 1
   */
  public static double nats(float[] row, int visibleKeys) {
    double sum = 0;
    for (int key = 0; key < visibleKeys; key++) {
      double weight = row[key];
      if (weight != 0) {
        sum += weight * Math.log(weight);
      }
    }
    // Not -sum, which would be -0.0 for a row that attends to one key only.
    return 0 - sum;
  }
}
