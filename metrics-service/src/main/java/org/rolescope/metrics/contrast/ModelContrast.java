package org.rolescope.metrics.contrast;

import static java.util.Objects.requireNonNull;

import java.util.List;

/**
 * The contrast of two models.
 *
 * @param layers one entry a layer, in the order given
 * @param rfc RFC differences over all layers
 * @param rsi RSI differences over all layers
 * @param verdict what the numbers say, in a few sentences
 */
public record ModelContrast(
    List<LayerContrast> layers, ContrastSummary rfc, ContrastSummary rsi, String verdict) {
  /** Copies the layers. */
  public ModelContrast {
    layers = List.copyOf(layers);
    requireNonNull(rfc, "rfc is null");
    requireNonNull(rsi, "rsi is null");
    requireNonNull(verdict, "verdict is null");
  }
}
