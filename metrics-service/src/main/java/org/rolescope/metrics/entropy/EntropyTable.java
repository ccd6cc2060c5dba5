package org.rolescope.metrics.entropy;

import java.util.Arrays;
import org.rolescope.fault.FaultCode;
import org.rolescope.fault.RolescopeException;

/** Entropy of each head on each prompt, averaged over query positions, in nats. Immutable. */
public final class EntropyTable {
  /** Rounding may take a true zero this far below, nats. */
  private static final double ROUNDING_NATS = 1e-6;

  private final int headCount;
  private final int promptCount;
  private final double[] nats;

  /**
   * Creates a table.
   *
   * @param headCount number of heads
   * @param promptCount number of prompts
   * @param nats entropies, [head, prompt] row-major; copied
   * @throws RolescopeException INVALID_ARGUMENT where the size differs from headCount ·
   *     promptCount, or a value is negative or not finite
   */
  public EntropyTable(int headCount, int promptCount, double[] nats) {
    this.headCount = headCount;
    this.promptCount = promptCount;
    this.nats = nats.clone();
    if (nats.length != Math.multiplyExact((long) headCount, (long) promptCount)) {
      throw invalid(
          "%d values, but %d heads and %d prompts need %d; send one for each head and prompt"
              .formatted(nats.length, headCount, promptCount, (long) headCount * promptCount));
    }
    for (int index = 0; index < nats.length; index++) {
      if (!Double.isFinite(nats[index]) || nats[index] < -ROUNDING_NATS) {
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

  /** Mean entropy of one head on one prompt, nats. */
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
        && Arrays.equals(nats, table.nats);
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
