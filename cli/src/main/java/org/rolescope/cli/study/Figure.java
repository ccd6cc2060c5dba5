package org.rolescope.cli.study;

import static java.util.Objects.requireNonNull;

/**
 * A number the study published, and ours.
 *
 * @param name where it stands in the published results, for example {@code
 *     summary_stats.llama.mean}
 * @param ours what we compute from the published tables
 * @param published what was published
 */
public record Figure(String name, double ours, double published) {
  /** Largest relative difference that counts as the same. */
  public static final double TOLERANCE = 1e-9;

  /** Checks that there is a name. */
  public Figure {
    requireNonNull(name, "name is null");
  }

  /** |ours − published| / |published|: 0 where both are 0, NaN where one is. */
  public double relativeDifference() {
    return ours == published ? 0 : Math.abs(ours - published) / Math.abs(published);
  }

  /** Whether the two are the same to within {@value #TOLERANCE}; false for NaN. */
  public boolean agrees() {
    return relativeDifference() <= TOLERANCE;
  }
}
