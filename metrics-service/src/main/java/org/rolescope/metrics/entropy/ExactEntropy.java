package org.rolescope.metrics.entropy;

import java.util.Arrays;
import java.util.Optional;

/**
 * Shannon entropy over the keys a query can see, of whole rows and of rows without key 0. METRICS
 * §1, "exact" and "sink-excluded". With s = Σ A and T = Σ A ln A over keys from 1 on, the first is
 * −(A₀ ln A₀ + T) and the second ln s − T / s, so one logarithm a key serves both, and with ln n
 * for each key the norm-weighted kind too: with w = A · n it is ln Σ w − Σ w (ln A + ln n) / Σ w.
 *
 * <p>Holds scratch memory that is reused from block to block. Not thread-safe.
 */
final class ExactEntropy {
  private static final int LANES = PatternBlock.LANES;

  private final int rows;
  private final Logarithm logarithm;
  private final double[] logarithms;
  private final double[] sink;
  private final double[] sinkTerms;
  private final double[] shares;
  private final double[] terms;
  private final double[] weights;
  private final double[] weightTerms;
  private final double[] moved;
  private boolean signed;

  /**
   * Creates a measure.
   *
   * @param rows number of rows side by side
   */
  ExactEntropy(int rows) {
    this.rows = rows;
    logarithm = new Logarithm(LANES * rows);
    logarithms = new double[LANES * rows];
    sink = new double[rows];
    sinkTerms = new double[rows];
    shares = new double[LANES * rows];
    terms = new double[LANES * rows];
    weights = new double[LANES * rows];
    weightTerms = new double[LANES * rows];
    moved = new double[LANES * rows];
  }

  /**
   * Measures every row; the results can be asked for until the next block.
   *
   * @param block the rows; not negative
   * @param visibleKeys how many keys from the first the query can see; at least 1
   * @param norms what a key's value writes, where that was measured
   */
  void measure(PatternBlock block, int visibleKeys, Optional<NormBlock> norms) {
    signed = false;
    for (double[] sums : new double[][] {shares, terms, weights, weightTerms}) {
      Arrays.fill(sums, 0);
    }
    for (int chunk = 0; chunk < PatternBlock.chunkCount(visibleKeys); chunk++) {
      int count = Math.min(LANES, visibleKeys - chunk * LANES) * rows;
      float[] attention = block.chunk(chunk);
      signed |= logarithm.of(attention, count, logarithms);
      addTerms(attention, logarithms, count, shares, terms);
      if (chunk == 0) {
        takeSink();
      }
      if (norms.isPresent()) {
        addWeighted(
            attention,
            logarithms,
            norms.get().norms(chunk),
            norms.get().logarithms(chunk),
            count,
            weights,
            weightTerms);
      }
    }
    fold(shares);
    fold(terms);
    if (norms.isPresent()) {
      fold(weights);
      fold(weightTerms);
    }
  }

  /** Attention of a row over all keys the query can see; NaN where one of them is. */
  double sum(int row) {
    return sink[row] + shares[row];
  }

  /** Whether some visible weight of some row has a sign; minus zero has one too. */
  boolean isSigned() {
    return signed;
  }

  /**
   * H = −Σ A ln A with 0 · ln 0 = 0, nats; between 0 and ln visibleKeys where the row sums to 1.
   */
  double nats(int row) {
    // Not -(…), which would be -0.0 for a row that attends to one key only.
    return 0 - (sinkTerms[row] + terms[row]);
  }

  /** H of the row over the keys it can see, renormalised, nats; 0 where it has no attention. */
  double renormalisedNats(int row) {
    double sum = sum(row);
    return sum == 0 ? 0 : renormalised(sum, sinkTerms[row] + terms[row]);
  }

  /** Entropy without key 0, renormalised, nats; NaN where no attention is left. */
  double withoutSinkNats(int row) {
    return renormalised(shares[row], terms[row]);
  }

  /** Entropy of attention times norm, renormalised, nats; NaN where all products are 0. */
  double weightedNats(int row) {
    return renormalised(weights[row], weightTerms[row]);
  }

  private static double renormalised(double sum, double terms) {
    // Rounding takes a row with one key left some 1e-16 below 0.
    return sum > 0 ? Math.max(0, Math.log(sum) - terms / sum) : Double.NaN;
  }

  /** Takes key 0, which is lane 0 of the first chunk, out of the sums. */
  private void takeSink() {
    System.arraycopy(shares, 0, sink, 0, rows);
    System.arraycopy(terms, 0, sinkTerms, 0, rows);
    Arrays.fill(shares, 0, rows, 0);
    Arrays.fill(terms, 0, rows, 0);
  }

  /** Leaves the sum over all lanes in lane 0. */
  private void fold(double[] lanes) {
    for (int half = LANES / 2 * rows; half >= rows; half /= 2) {
      System.arraycopy(lanes, half, moved, 0, half);
      add(lanes, moved, half);
    }
  }

  private static void add(double[] sums, double[] values, int count) {
    for (int index = 0; index < count; index++) {
      sums[index] += values[index];
    }
  }

  private static void addTerms(
      float[] attention, double[] logarithms, int count, double[] shares, double[] terms) {
    for (int index = 0; index < count; index++) {
      double share = attention[index];
      shares[index] += share;
      terms[index] += share * logarithms[index];
    }
  }

  private static void addWeighted(
      float[] attention,
      double[] logarithms,
      double[] norms,
      double[] normLogarithms,
      int count,
      double[] weights,
      double[] terms) {
    for (int index = 0; index < count; index++) {
      double weight = attention[index] * norms[index];
      weights[index] += weight;
      terms[index] += weight * (logarithms[index] + normLogarithms[index]);
    }
  }
}
