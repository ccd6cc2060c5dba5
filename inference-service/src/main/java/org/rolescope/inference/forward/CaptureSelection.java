package org.rolescope.inference.forward;

import static java.util.Objects.requireNonNull;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.rolescope.fault.FaultCode;
import org.rolescope.fault.RolescopeException;
import org.rolescope.tensors.bundle.BundleManifest;
import org.rolescope.tensors.bundle.StageTap;

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

  /** Tap of the value norms, which the runner computes from the values of a layer. */
  public static final String VALUE_NORM = "value_norm";

  /** Tap of the output of the MLP, which blocks compute and give only when asked. */
  public static final String MLP_OUT = "mlp_out";

  /** Copies the taps and checks that there is something to capture. */
  public CaptureSelection {
    taps = Set.copyOf(requireNonNull(taps, "taps are null"));
    if (taps.isEmpty()) {
      throw new RolescopeException(
          FaultCode.INVALID_ARGUMENT,
          "No tap is asked for; ask for value_norm, pattern, z, mlp_out, resid_post or logits");
    }
  }

  /**
   * Confirms that the model has these layers and taps.
   *
   * @throws RolescopeException INVALID_ARGUMENT where it has not
   */
  public void check(BundleManifest manifest) {
    checkLayers(manifest.dimensions().layerCount());
    if (manifest.holdsWholeModel()) {
      checkOffered(manifest.stages().getFirst().taps().stream().map(StageTap::name).toList());
      return;
    }
    if (taps.contains(VALUE_NORM) && !manifest.offersValueNorms()) {
      throw new RolescopeException(
          FaultCode.INVALID_ARGUMENT,
          "The tap value_norm is asked for but the model was exported before there was one; export"
              + " the model again");
    }
  }

  private void checkOffered(List<String> offered) {
    for (String tap : taps) {
      if (!offered.contains(tap)) {
        throw new RolescopeException(
            FaultCode.INVALID_ARGUMENT,
            "The tap %s is asked for but the model was instrumented from an ONNX graph, which offers %s only; export its checkpoint with `rolescope export`"
                .formatted(tap, String.join(", ", new TreeSet<>(offered))));
      }
    }
  }

  /** The same taps of these layers; the logits, which come last, or not. */
  CaptureSelection part(int first, int last, boolean withLogits) {
    Set<String> kept = new HashSet<>(taps);
    if (!withLogits) {
      kept.remove(LOGITS);
    }
    return new CaptureSelection(kept, first, last);
  }

  void checkLayers(int layerCount) {
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
