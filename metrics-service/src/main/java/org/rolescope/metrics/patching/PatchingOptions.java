package org.rolescope.metrics.patching;

import org.rolescope.metrics.role.RoleOptions;

/**
 * How patching is scored.
 *
 * @param bootstrapResamples resamples of prompts, 1 to {@link RoleOptions#MAX_RESAMPLES}
 * @param seed seed of the bootstrap
 * @param significanceLevel an effect lies beyond that of random heads where its q-value lies below
 *     this; between 0 and 1
 * @param equivalenceBound recoveries within ± this count as none; above 0
 */
public record PatchingOptions(
    int bootstrapResamples, long seed, double significanceLevel, double equivalenceBound) {
  /** Resamples where a caller names no number. */
  public static final int DEFAULT_RESAMPLES = RoleOptions.DEFAULT_RESAMPLES;

  /** Level of significance where a caller names none. */
  public static final double DEFAULT_SIGNIFICANCE_LEVEL = RoleOptions.DEFAULT_SIGNIFICANCE_LEVEL;

  /** Bound of equivalence where a caller names none: a twentieth of the way. */
  public static final double DEFAULT_EQUIVALENCE_BOUND = 0.05;

  /**
   * Checks ranges.
   *
   * @throws org.rolescope.fault.RolescopeException INVALID_ARGUMENT where an option is out of range
   */
  public PatchingOptions {
    PatchingChecks.require(
        bootstrapResamples >= 1 && bootstrapResamples <= RoleOptions.MAX_RESAMPLES,
        "%d bootstrap resamples were asked for; ask for 1 to %d",
        bootstrapResamples,
        RoleOptions.MAX_RESAMPLES);
    PatchingChecks.require(
        significanceLevel > 0 && significanceLevel < 1,
        "significance_level is %s; give a number between 0 and 1",
        significanceLevel);
    PatchingChecks.require(
        equivalenceBound > 0 && Double.isFinite(equivalenceBound),
        "equivalence_bound is %s; give a number above 0",
        equivalenceBound);
  }

  /** Default resamples, level and bound. */
  public static PatchingOptions defaults(long seed) {
    return new PatchingOptions(
        DEFAULT_RESAMPLES, seed, DEFAULT_SIGNIFICANCE_LEVEL, DEFAULT_EQUIVALENCE_BOUND);
  }
}
