package org.rolescope.tensors.bundle;

import static java.util.Objects.requireNonNull;

import java.util.List;

/**
 * What {@code rolescope verify} found: how far the bundle, run as it is, lies from an independent
 * forward pass in double precision over the same checkpoint.
 *
 * @param verdict what follows
 * @param rolescopeVersion version that verified
 * @param runtime what ran the bundle, with its version
 * @param promptCount prompts compared
 * @param taps largest difference at every tap, in the order they run
 * @param firstDifference the first tap over its tolerance, in words; null where there is none
 */
public record ParityCertificate(
    Verdict verdict,
    String rolescopeVersion,
    String runtime,
    int promptCount,
    List<TapParity> taps,
    String firstDifference) {
  /** What follows from the differences. */
  public enum Verdict {
    /** Every tap is within its tolerance. */
    SUPPORTED,
    /** Some tap is over its tolerance, none by more than a factor of 100. */
    DEGRADED,
    /** Some tap is far over its tolerance: the bundle computes something else. */
    WRONG
  }

  /** Copies the taps. */
  public ParityCertificate {
    requireNonNull(verdict, "verdict is missing");
    requireNonNull(rolescopeVersion, "rolescopeVersion of the certificate is missing");
    requireNonNull(runtime, "runtime of the certificate is missing");
    taps = List.copyOf(requireNonNull(taps, "taps of the certificate are missing"));
  }

  /**
   * The largest difference at one tap.
   *
   * @param tap tap name
   * @param layer its layer; 0 for {@code logits}
   * @param maxError largest difference: absolute for {@code pattern}, of the tensor's range
   *     otherwise; NaN where the bundle gave no number
   * @param tolerance the most that counts as equal
   */
  public record TapParity(String tap, int layer, double maxError, double tolerance) {}
}
