package org.rolescope.metrics.role;

import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.stream.IntStream;
import org.rolescope.fault.FaultCode;
import org.rolescope.fault.RolescopeException;
import org.rolescope.metrics.entropy.LayerEntropies;
import org.rolescope.metrics.stats.Estimate;
import org.rolescope.metrics.stats.SampleMean;
import org.rolescope.metrics.stats.Samples;

/** Computes RFC and RSI of one model, layer by layer, by both estimators. */
public final class RoleEstimator {
  private final RoleOptions options;
  private final RolePrompts prompts;
  private final StratifiedBootstrap bootstrap;

  /**
   * Creates an estimator.
   *
   * @throws RolescopeException INVALID_ARGUMENT where a role has no prompts
   */
  public RoleEstimator(RoleOptions options) {
    this.options = options;
    prompts = RolePrompts.of(options);
    bootstrap = StratifiedBootstrap.of(options);
  }

  /**
   * Estimates one layer.
   *
   * @throws RolescopeException INVALID_ARGUMENT where the layer has another number of prompts than
   *     the options
   */
  public LayerRoles estimate(LayerEntropies layer) {
    requireSamePrompts(layer);
    List<HeadRoles> heads =
        IntStream.range(0, layer.headCount())
            .mapToObj(head -> HeadRoles.of(layer, head, prompts, options.degenerateBelowNats()))
            .toList();
    LayerTotals totals = new LayerTotals(layer);
    return new LayerRoles(
        layer.layer(),
        index(layer, RoleIndex.RFC, heads, totals),
        index(layer, RoleIndex.RSI, heads, totals),
        heads,
        unstable(heads));
  }

  private LayerIndex index(
      LayerEntropies layer, RoleIndex index, List<HeadRoles> heads, LayerTotals totals) {
    Estimate ratioOfSums =
        BootstrapInterval.of(drawn -> totals.value(index, drawn), prompts, bootstrap);
    return new LayerIndex(
        SampleMean.of(HeadRoles.referenceValues(heads, index)),
        PromptIndex.of(layer, index, prompts),
        ratioOfSums,
        Samples.median(HeadRoles.exactValues(heads, index)));
  }

  private boolean unstable(List<HeadRoles> heads) {
    BitSet degenerate = HeadRoles.degenerate(heads);
    return Arrays.stream(RoleIndex.values())
        .anyMatch(
            index ->
                Stability.unstable(
                    HeadRoles.referenceValues(heads, index), degenerate, options.unstableAbove()));
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
