package org.rolescope.metrics.entropy;

/**
 * Entropy as the published study computes it: NumPy float32 arithmetic on the whole row, masked
 * future keys included, with 1e-8 added to every key. METRICS §1, "reference".
 *
 * <p>Holds scratch memory that is reused from row to row. Not thread-safe.
 */
public final class ReferenceEntropy {
  private static final float ADDED_TO_EVERY_KEY = 1e-8f;

  private final float[] terms;

  /**
   * Creates a measure for rows of one length.
   *
   * @param keyCount number of keys in a row, masked ones included; at least 1
   */
  public ReferenceEntropy(int keyCount) {
    terms = new float[keyCount];
  }

  /**
   * With a' = (A + 1e-8) / Σ (A + 1e-8) over all keys, H = −Σ a' ln a'. Every step is rounded to
   * float32 and sums run in NumPy's order. Each masked key adds about 2e-7 nats.
   *
   * @param row attention of one query position, [key_pos], as long as this measure; not negative.
   *     NaN gives NaN
   * @return entropy in nats
   */
  public float nats(float[] row) {
    for (int key = 0; key < terms.length; key++) {
      terms[key] = row[key] + ADDED_TO_EVERY_KEY;
    }
    float total = PairwiseSum.of(terms, 0, terms.length);
    for (int key = 0; key < terms.length; key++) {
      float share = terms[key] / total;
      terms[key] = share * (float) Math.log(share);
    }
    return 0 - PairwiseSum.of(terms, 0, terms.length);
  }
}
