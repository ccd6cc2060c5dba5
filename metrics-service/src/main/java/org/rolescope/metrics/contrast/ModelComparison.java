package org.rolescope.metrics.contrast;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.rolescope.fault.RolescopeException;
import org.rolescope.metrics.entropy.LayerEntropies;
import org.rolescope.metrics.role.RoleIndex;
import org.rolescope.metrics.role.RoleOptions;
import org.rolescope.metrics.stats.BenjaminiHochberg;

/** Compares two models layer by layer, then judges all layers together. Not thread-safe. */
public final class ModelComparison {
  private final RoleOptions options;
  private final LayerComparison comparison;
  private final List<LayerContrast> layers = new ArrayList<>();

  /**
   * Begins a comparison.
   *
   * @throws RolescopeException INVALID_ARGUMENT where a role has no prompts
   */
  public ModelComparison(RoleOptions options) {
    this.options = options;
    comparison = new LayerComparison(options);
  }

  /**
   * Adds a layer.
   *
   * @param base the layer of the older version
   * @param instruct the same layer of the newer version
   * @return the contrast of this layer, not yet judged together with the others: its q-values are
   *     NaN
   * @throws RolescopeException INVALID_ARGUMENT where layer or head count differ, prompts are not
   *     those of the options, or a model has not the entropy they name
   */
  public LayerContrast add(LayerEntropies base, LayerEntropies instruct) {
    LayerContrast contrast = comparison.compare(base, instruct);
    layers.add(contrast);
    return contrast;
  }

  /** The contrast of all layers added, q-values taken over them. */
  public ModelContrast finish() {
    List<IndexDifference> rfc = judged(RoleIndex.RFC);
    List<IndexDifference> rsi = judged(RoleIndex.RSI);
    List<LayerContrast> judged =
        IntStream.range(0, layers.size())
            .mapToObj(layer -> layers.get(layer).withDifferences(rfc.get(layer), rsi.get(layer)))
            .toList();
    return new ModelContrast(
        judged,
        ContrastSummary.of(RoleIndex.RFC, judged),
        ContrastSummary.of(RoleIndex.RSI, judged),
        Verdict.of(judged, options));
  }

  private List<IndexDifference> judged(RoleIndex index) {
    List<IndexDifference> differences =
        layers.stream().map(layer -> layer.difference(index)).toList();
    double[] qValues =
        BenjaminiHochberg.qValues(
            differences.stream().mapToDouble(IndexDifference::pValue).toArray());
    return IntStream.range(0, qValues.length)
        .mapToObj(
            layer -> differences.get(layer).withQValue(qValues[layer], options.significanceLevel()))
        .toList();
  }
}
