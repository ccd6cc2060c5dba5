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
 * @param device what it ran on; null, as in certificates written before there was a choice: cpu
 * @param computeType the numbers of products with weights; null: float32
 * @param promptCount prompts compared
 * @param taps largest difference at every tap, in the order they run
 * @param firstDifference the first tap over its tolerance, in words; null where there is none
 */
public record ParityCertificate(
    Verdict verdict,
    String rolescopeVersion,
    String runtime,
    String device,
    String computeType,
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
    device = device == null ? ModelRuntime.CPU : device;
    computeType = computeType == null ? ModelRuntime.FLOAT32 : computeType;
    taps = List.copyOf(requireNonNull(taps, "taps of the certificate are missing"));
  }

  /** Whether it holds for models run so: another device computes other numbers. */
  public boolean holdsOn(String otherDevice, String otherComputeType) {
    return device.equals(otherDevice) && computeType.equals(otherComputeType);
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
