package org.rolescope.inference.forward;

import static java.util.Objects.requireNonNull;

import java.util.Set;
import org.rolescope.fault.FaultCode;
import org.rolescope.fault.RolescopeException;

/**
 * What to capture.
 *
 * @param taps tap names; at least one
 * @param firstLayer first layer whose tensors are wanted
 * @param lastLayer last layer whose tensors are wanted, included
 */
public record CaptureSelection(Set<String> taps, int firstLayer, int lastLayer) {
  /** Tap of the last position's logits; belongs to no layer. */
  public static final String LOGITS = "logits";

  /** Copies the taps and checks that there is something to capture. */
  public CaptureSelection {
    taps = Set.copyOf(requireNonNull(taps, "taps are null"));
    if (taps.isEmpty()) {
      throw new RolescopeException(
          FaultCode.INVALID_ARGUMENT,
          "No tap is asked for; ask for pattern, z, resid_post or logits");
    }
  }

  /**
   * Confirms that the model has these layers.
   *
   * @throws RolescopeException INVALID_ARGUMENT where it does not
   */
  public void check(int layerCount) {
    if (firstLayer < 0 || firstLayer > lastLayer || lastLayer >= layerCount) {
      throw new RolescopeException(
          FaultCode.INVALID_ARGUMENT,
          "Layers %d to %d are asked for but the model has layers 0 to %d"
              .formatted(firstLayer, lastLayer, layerCount - 1));
    }
  }

  boolean wantsLogits() {
    return taps.contains(LOGITS);
  }

  boolean wants(String tap, int layer) {
    return taps.contains(tap) && layer >= firstLayer && layer <= lastLayer;
  }

  /** Whether a stage that begins at this layer has to run at all. */
  boolean needsLayer(int layer) {
    return wantsLogits() || layer <= lastLayer;
  }
}
