package org.rolescope.inference.intervene;

/**
 * Limits on the interventions of a request.
 *
 * @param maxCount most interventions; of a sweep, those of all variants together
 * @param maxBytes most bytes in their patches, all together, and most bytes that patches may take
 *     from the source run of a sweep
 * @param maxSweepBytes most bytes of residual streams and logits of the variants of a sweep that
 *     run at once; a single variant may not have more
 */
public record InterventionLimits(int maxCount, long maxBytes, long maxSweepBytes) {
  private static final long DEFAULT_SWEEP_BYTES = 256L << 20;

  /** Checks that none is negative. */
  public InterventionLimits {
    if (maxCount < 0 || maxBytes < 0 || maxSweepBytes < 0) {
      throw new IllegalArgumentException(
          "limits of %d interventions, %d bytes and %d bytes of a sweep are below 0"
              .formatted(maxCount, maxBytes, maxSweepBytes));
    }
  }

  /** Limits with 256 MiB for a sweep. */
  public InterventionLimits(int maxCount, long maxBytes) {
    this(maxCount, maxBytes, DEFAULT_SWEEP_BYTES);
  }
}
