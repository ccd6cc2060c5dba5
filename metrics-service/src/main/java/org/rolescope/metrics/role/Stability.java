package org.rolescope.metrics.role;

import java.util.BitSet;
import java.util.stream.IntStream;
import org.rolescope.metrics.stats.Samples;

/**
 * Whether a mean over heads rests on heads with hardly any neutral entropy, whose ratio may be any
 * number. METRICS §2, "stability flag".
 */
public final class Stability {
  private Stability() {}

  /**
   * Whether leaving out all degenerate heads, or any single one of them, moves the mean by more
   * than the limit. With no degenerate head the answer is no, with only such heads yes. A mean that
   * is not finite counts as moved.
   *
   * @param values per-head values, [head]
   * @param degenerate the degenerate heads
   * @param limit largest shift that is not called unstable
   */
  public static boolean unstable(double[] values, BitSet degenerate, double limit) {
    if (degenerate.isEmpty()) {
      return false;
    }
    if (degenerate.cardinality() == values.length) {
      return true;
    }
    return moves(values, degenerate, limit)
        || degenerate.stream().anyMatch(head -> moves(values, only(head), limit));
  }

  private static boolean moves(double[] values, BitSet leftOut, double limit) {
    double[] rest =
        IntStream.range(0, values.length)
            .filter(head -> !leftOut.get(head))
            .mapToDouble(head -> values[head])
            .toArray();
    double shift = Math.abs(Samples.mean(values) - Samples.mean(rest));
    return !(shift <= limit);
  }

  private static BitSet only(int head) {
    BitSet one = new BitSet();
    one.set(head);
    return one;
  }
}
