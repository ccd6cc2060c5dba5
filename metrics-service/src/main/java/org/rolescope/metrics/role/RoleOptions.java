package org.rolescope.metrics.role;

import java.util.List;
import org.rolescope.fault.FaultCode;
import org.rolescope.fault.RolescopeException;

/**
 * How roles are estimated.
 *
 * @param categories category of each prompt, in prompt order
 * @param roles which category plays which part
 * @param bootstrapResamples resamples for intervals of the default estimator
 * @param permutations permutations for p-values
 * @param seed seed of bootstrap and permutation
 * @param degenerateBelowNats a head whose exact neutral entropy lies below this is degenerate, nats
 * @param unstableAbove a layer whose reference value degenerate heads move by more is unstable
 * @param significanceLevel a difference is significant where its q-value lies below this
 */
public record RoleOptions(
    List<String> categories,
    RoleCategories roles,
    int bootstrapResamples,
    int permutations,
    long seed,
    double degenerateBelowNats,
    double unstableAbove,
    double significanceLevel) {
  /** Resamples, and permutations, where a caller names no number. */
  public static final int DEFAULT_RESAMPLES = 2000;

  /** Most resamples, and permutations. */
  public static final int MAX_RESAMPLES = 1_000_000;

  /** Threshold of degenerate heads where a caller names none, nats. */
  public static final double DEFAULT_DEGENERATE_BELOW_NATS = 0.02;

  /** Threshold of unstable layers where a caller names none. */
  public static final double DEFAULT_UNSTABLE_ABOVE = 0.05;

  /** Level of significance where a caller names none. */
  public static final double DEFAULT_SIGNIFICANCE_LEVEL = 0.05;

  /**
   * Copies the categories and checks ranges.
   *
   * @throws RolescopeException INVALID_ARGUMENT where an option is out of range
   */
  public RoleOptions {
    categories = List.copyOf(categories);
    checkResamples("bootstrap resamples", bootstrapResamples);
    checkResamples("permutations", permutations);
    check(
        degenerateBelowNats > 0 && Double.isFinite(degenerateBelowNats),
        "degenerate_below_nats is " + degenerateBelowNats + "; give a number above 0");
    check(
        unstableAbove > 0 && Double.isFinite(unstableAbove),
        "unstable_above is " + unstableAbove + "; give a number above 0");
    check(
        significanceLevel > 0 && significanceLevel < 1,
        "significance_level is " + significanceLevel + "; give a number between 0 and 1");
  }

  /** Published categories, default resamples and thresholds. */
  public static RoleOptions defaults(List<String> categories, long seed) {
    return new RoleOptions(
        categories,
        RoleCategories.PUBLISHED,
        DEFAULT_RESAMPLES,
        DEFAULT_RESAMPLES,
        seed,
        DEFAULT_DEGENERATE_BELOW_NATS,
        DEFAULT_UNSTABLE_ABOVE,
        DEFAULT_SIGNIFICANCE_LEVEL);
  }

  private static void checkResamples(String what, int count) {
    check(
        count >= 1 && count <= MAX_RESAMPLES,
        "%d %s were asked for; ask for 1 to %d".formatted(count, what, MAX_RESAMPLES));
  }

  private static void check(boolean holds, String otherwise) {
    if (!holds) {
      throw new RolescopeException(
          FaultCode.INVALID_ARGUMENT, "The role options cannot be used: " + otherwise);
    }
  }
}
