package org.rolescope.cli.family;

/**
 * What a run has at its disposal.
 *
 * @param coreCount processors
 * @param weightBudgetBytes memory for weights, bytes
 */
public record Machine(int coreCount, long weightBudgetBytes) {
  /** Checks that there is something. */
  public Machine {
    if (coreCount < 1 || weightBudgetBytes < 1) {
      throw new IllegalArgumentException(
          "%d processors, %d bytes".formatted(coreCount, weightBudgetBytes));
    }
  }
}
