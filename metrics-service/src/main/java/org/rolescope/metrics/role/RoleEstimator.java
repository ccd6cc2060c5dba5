package org.rolescope.metrics.role;

import java.util.BitSet;
import java.util.List;
import java.util.stream.IntStream;
import org.rolescope.fault.FaultCode;
import org.rolescope.fault.RolescopeException;
import org.rolescope.metrics.entropy.LayerEntropies;
import org.rolescope.metrics.stats.SampleMean;
import org.rolescope.metrics.stats.Samples;

/** Computes RFC and RSI of one model, layer by layer, by both estimators. */
public final class RoleEstimator {
  private final RoleOptions options;
  private final RolePrompts prompts;
  private final Controls controls;

  /**
   * Creates an estimator.
   *
   * @throws RolescopeException INVALID_ARGUMENT where a role has no prompts
   */
  public RoleEstimator(RoleOptions options) {
    this.options = options;
    prompts = RolePrompts.of(options);
    controls = new Controls(options);
  }

  /**
   * Estimates one layer.
   *
   * @throws RolescopeException INVALID_ARGUMENT where the layer has another number of prompts than
   *     the options, or not the entropy they name
   */
  public LayerRoles estimate(LayerEntropies layer) {
    requireSamePrompts(layer);
    requireEntropy(layer);
    List<HeadRoles> heads =
        IntStream.range(0, layer.headCount())
            .mapToObj(head -> HeadRoles.of(layer, head, prompts, options.degenerateBelowNats()))
            .toList();
    List<ControlledIndices> controlled = controls.estimate(LayerTotals.ofEveryKind(layer));
    return new LayerRoles(
        layer.layer(),
        index(layer, RoleIndex.RFC, heads, controlled),
        index(layer, RoleIndex.RSI, heads, controlled),
        heads,
        unstable(heads),
        controlled,
        PromptEffects.ofLayer(layer, prompts),
        layer
            .keyAttention()
            .map(attention -> KeyAttentionDifference.of(layer, attention, prompts)));
  }

  private LayerIndex index(
      LayerEntropies layer,
      RoleIndex index,
      List<HeadRoles> heads,
      List<ControlledIndices> controlled) {
    return new LayerIndex(
        SampleMean.of(HeadRoles.referenceValues(heads, index)),
        PromptIndex.of(layer, index, prompts),
        Controls.of(options.entropy(), controlled).value(index),
        headMedian(layer, index));
  }

  /** Heads without neutral entropy have no ratio, and a 0 in its place would pull the median. */
  private double headMedian(LayerEntropies layer, RoleIndex index) {
    return Samples.median(
        IntStream.range(0, layer.headCount())
            .mapToObj(head -> Pooling.head(layer, options.entropy(), head, prompts))
            .filter(head -> head.neutralNats() > 0)
            .mapToDouble(head -> head.value(index))
            .toArray());
  }

  private boolean unstable(List<HeadRoles> heads) {
    BitSet degenerate = HeadRoles.degenerate(heads);
    return prompts.indices().stream()
        .anyMatch(
            index ->
                Stability.unstable(
                    HeadRoles.referenceValues(heads, index), degenerate, options.unstableAbove()));
  }

  private void requireEntropy(LayerEntropies layer) {
    if (!layer.has(options.entropy())) {
      throw new RolescopeException(
          FaultCode.INVALID_ARGUMENT,
          "Layer %d has no %s entropy, on which the default estimator is to rest; measure that kind too, or name another"
              .formatted(layer.layer(), EntropyNames.of(options.entropy())));
    }
  }

  private void requireSamePrompts(LayerEntropies layer) {
    if (layer.promptCount() != options.categories().size()) {
      throw new RolescopeException(
          FaultCode.INVALID_ARGUMENT,
          "Layer %d has %d prompts but the options name %d categories; name one for each prompt"
              .formatted(layer.layer(), layer.promptCount(), options.categories().size()));
    }
  }
}
