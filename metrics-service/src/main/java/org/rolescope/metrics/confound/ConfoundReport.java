package org.rolescope.metrics.confound;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.Optional;

/**
 * What else than the roles could explain RFC and RSI, and which conclusions survive when it is
 * controlled for.
 *
 * @param lengths lengths of the prompts of each category
 * @param rfcBalance how the lengths of self and neutral prompts differ
 * @param rsiBalance how the lengths of self and confounder prompts differ; nothing where there are
 *     no confounder prompts
 * @param layers one entry a layer, in the order given
 * @param verdict which conclusions survive: one paragraph, see {@link ConfoundVerdict}
 */
public record ConfoundReport(
    List<CategoryLengths> lengths,
    LengthBalance rfcBalance,
    Optional<LengthBalance> rsiBalance,
    List<LayerConfounds> layers,
    String verdict) {
  /** Copies lengths and layers. */
  public ConfoundReport {
    lengths = List.copyOf(lengths);
    requireNonNull(rfcBalance, "rfcBalance is null");
    requireNonNull(rsiBalance, "rsiBalance is null");
    layers = List.copyOf(layers);
    requireNonNull(verdict, "verdict is null");
  }
}
