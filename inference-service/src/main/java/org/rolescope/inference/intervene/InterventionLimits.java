package org.rolescope.inference.intervene;

/**
 * Limits on the interventions of a request.
 *
 * @param maxCount most interventions
 * @param maxBytes most bytes in their patches, all together
 */
public record InterventionLimits(int maxCount, long maxBytes) {
  /** Checks that neither is negative. */
  public InterventionLimits {
    if (maxCount < 0 || maxBytes < 0) {
      throw new IllegalArgumentException(
          "limits of %d interventions and %d bytes are below 0".formatted(maxCount, maxBytes));
    }
  }
}
