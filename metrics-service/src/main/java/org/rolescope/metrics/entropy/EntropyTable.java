package org.rolescope.metrics.entropy;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.rolescope.fault.FaultCode;
import org.rolescope.fault.RolescopeException;

/** Entropy of each head on each prompt, averaged over query positions, in nats. Immutable. */
public final class EntropyTable {
  /** Rounding may take a true zero this far below, nats. */
  private static final double ROUNDING_NATS = 1e-6;

  private final int headCount;
  private final int promptCount;
  private final double[] nats;
  private final Optional<List<Integer>> queryCounts;

  /**
   * Creates a table of a kind that leaves no query position out.
   *
   * @param headCount number of heads
   * @param promptCount number of prompts
   * @param nats entropies, [head, prompt] row-major; copied
   * @throws RolescopeException INVALID_ARGUMENT where the size differs from headCount ·
   *     promptCount, or a value is negative or not finite
   */
  public EntropyTable(int headCount, int promptCount, double[] nats) {
    this(headCount, promptCount, nats, Optional.empty());
  }

  /**
   * Creates a table.
   *
   * @param headCount number of heads
   * @param promptCount number of prompts
   * @param nats entropies, [head, prompt] row-major; where there are query counts, NaN for prompts
   *     whose count is 0, and for a head without any position of its own to average; copied
   * @param queryCounts for each prompt how many query positions the kind averages; a head may leave
   *     out more, see {@link EntropyKind}. Empty where the kind leaves none out
   * @throws RolescopeException INVALID_ARGUMENT where a size differs, or a value is negative,
   *     infinite, or NaN where it must not be
   */
  public EntropyTable(
      int headCount, int promptCount, double[] nats, Optional<List<Integer>> queryCounts) {
    this.headCount = headCount;
    this.promptCount = promptCount;
    this.nats = nats.clone();
    this.queryCounts = queryCounts.map(List::copyOf);
    if (nats.length != Math.multiplyExact((long) headCount, (long) promptCount)) {
      throw invalid(
          "%d values, but %d heads and %d prompts need %d; send one for each head and prompt"
              .formatted(nats.length, headCount, promptCount, (long) headCount * promptCount));
    }
    if (queryCounts.isPresent() && queryCounts.get().size() != promptCount) {
      throw invalid(
          "%d query counts for %d prompts; send one for each, or none"
              .formatted(queryCounts.get().size(), promptCount));
    }
    for (int index = 0; index < nats.length; index++) {
      boolean sound =
          Double.isNaN(nats[index])
              ? queryCounts.isPresent()
              : Double.isFinite(nats[index])
                  && nats[index] >= -ROUNDING_NATS
                  && !isLeftOut(index % promptCount);
      if (!sound) {
        throw invalid(
            "%s nats for head %d and prompt %d, but an entropy is a number not below 0; measure it again"
                .formatted(nats[index], index / promptCount, index % promptCount));
      }
    }
  }

  /** Number of heads. */
  public int headCount() {
    return headCount;
  }

  /** Number of prompts. */
  public int promptCount() {
    return promptCount;
  }

  /** For each prompt how many query positions the kind averages; empty where it leaves none out. */
  public Optional<List<Integer>> queryCounts() {
    return queryCounts;
  }

  private boolean isLeftOut(int prompt) {
    return queryCounts.isPresent() && queryCounts.get().get(prompt) == 0;
  }

  /** Mean entropy of one head on one prompt, nats; NaN where every position is left out. */
  public double nats(int head, int prompt) {
    return nats[head * promptCount + prompt];
  }

  /** A copy of all values, [head, prompt] row-major. */
  public double[] toArray() {
    return nats.clone();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof EntropyTable table
        && headCount == table.headCount
        && promptCount == table.promptCount
        && Arrays.equals(nats, table.nats)
        && queryCounts.equals(table.queryCounts);
  }

  @Override
  public int hashCode() {
    return 31 * headCount + Arrays.hashCode(nats);
  }

  @Override
  public String toString() {
    return "EntropyTable[heads %d, prompts %d]".formatted(headCount, promptCount);
  }

  private static RolescopeException invalid(String what) {
    return new RolescopeException(FaultCode.INVALID_ARGUMENT, "An entropy table holds " + what);
  }
}
