package org.rolescope.metrics.role;

import static java.util.Objects.requireNonNull;

import java.util.List;
import org.rolescope.fault.FaultCode;
import org.rolescope.fault.RolescopeException;
import org.rolescope.metrics.entropy.EntropyKind;

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
 * @param entropy the kind of entropy the default estimator rests on
 */
public record RoleOptions(
    List<String> categories,
    RoleCategories roles,
    int bootstrapResamples,
    int permutations,
    long seed,
    double degenerateBelowNats,
    double unstableAbove,
    double significanceLevel,
    EntropyKind entropy) {
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

  /** Entropy of the default estimator where a caller names none. */
  public static final EntropyKind DEFAULT_ENTROPY = EntropyKind.EXACT;

  /**
   * Copies the categories and checks ranges.
   *
   * @throws RolescopeException INVALID_ARGUMENT where an option is out of range
   */
  public RoleOptions {
    categories = List.copyOf(categories);
    requireNonNull(entropy, "entropy is null");
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
        DEFAULT_SIGNIFICANCE_LEVEL,
        DEFAULT_ENTROPY);
  }

  /** The same with the default estimator resting on another kind of entropy. */
  public RoleOptions withEntropy(EntropyKind otherEntropy) {
    return new RoleOptions(
        categories,
        roles,
        bootstrapResamples,
        permutations,
        seed,
        degenerateBelowNats,
        unstableAbove,
        significanceLevel,
        otherEntropy);
  }

  /** The same with other numbers of resamples and permutations. */
  public RoleOptions withResamples(int otherResamples, int otherPermutations) {
    return new RoleOptions(
        categories,
        roles,
        otherResamples,
        otherPermutations,
        seed,
        degenerateBelowNats,
        unstableAbove,
        significanceLevel,
        entropy);
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
