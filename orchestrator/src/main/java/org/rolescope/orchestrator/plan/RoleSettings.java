package org.rolescope.orchestrator.plan;

import static java.util.Objects.requireNonNull;

/**
 * How roles are estimated, with every default filled in: a 0 given for anything but the seed stands
 * for its default, so that a plan that spells a default out is the same plan.
 *
 * @param roles which category plays which part
 * @param bootstrapResamples resamples of the default estimator; 0: 2000
 * @param permutations permutations for p-values; 0: 2000
 * @param seed seed of bootstrap and permutation, unsigned
 * @param degenerateBelowNats a head with less neutral entropy is degenerate; 0: 0.02
 * @param unstableAbove a layer that degenerate heads move by more is unstable; 0: 0.05
 * @param significanceLevel a difference with a q-value below is significant; 0: 0.05
 * @param entropy the kind of entropy the default estimator rests on
 */
public record RoleSettings(
    RoleCategoryNames roles,
    int bootstrapResamples,
    int permutations,
    long seed,
    double degenerateBelowNats,
    double unstableAbove,
    double significanceLevel,
    EntropyName entropy) {
  private static final int MAX_RESAMPLES = 1_000_000;

  /**
   * Fills in the defaults.
   *
   * @throws org.rolescope.fault.RolescopeException INVALID_ARGUMENT where a value is out of range
   */
  public RoleSettings {
    requireNonNull(roles, "roles is null");
    requireNonNull(entropy, "entropy is null");
    bootstrapResamples = count("bootstrap_resamples", bootstrapResamples);
    permutations = count("permutations", permutations);
    degenerateBelowNats = positive("degenerate_below_nats", degenerateBelowNats, 0.02);
    unstableAbove = positive("unstable_above", unstableAbove, 0.05);
    significanceLevel = positive("significance_level", significanceLevel, 0.05);
    Invalid.unless(
        significanceLevel < 1,
        "Option significance_level is %s; give a number between 0 and 1",
        significanceLevel);
  }

  /** The defaults, with seed 0. */
  public static RoleSettings defaults() {
    return new RoleSettings(RoleCategoryNames.published(), 0, 0, 0, 0, 0, 0, EntropyName.EXACT);
  }

  /** The same with another seed. */
  public RoleSettings withSeed(long newSeed) {
    return new RoleSettings(
        roles,
        bootstrapResamples,
        permutations,
        newSeed,
        degenerateBelowNats,
        unstableAbove,
        significanceLevel,
        entropy);
  }

  private static int count(String option, int value) {
    Invalid.unless(
        value >= 0 && value <= MAX_RESAMPLES,
        "Option %s is %s; give a whole number from 1 to %d, or 0 for the default",
        option,
        Integer.toUnsignedString(value),
        MAX_RESAMPLES);
    return value == 0 ? 2000 : value;
  }

  private static double positive(String option, double value, double otherwise) {
    Invalid.unless(
        Double.isFinite(value) && value >= 0,
        "Option %s is %s; give a positive number, or 0 for the default",
        option,
        value);
    return value == 0 ? otherwise : value;
  }
}
