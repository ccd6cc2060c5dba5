package org.rolescope.metrics.contrast;

import java.util.Arrays;
import java.util.BitSet;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import org.rolescope.fault.FaultCode;
import org.rolescope.fault.RolescopeException;
import org.rolescope.metrics.entropy.LayerEntropies;
import org.rolescope.metrics.role.BootstrapInterval;
import org.rolescope.metrics.role.LayerRoles;
import org.rolescope.metrics.role.LayerTotals;
import org.rolescope.metrics.role.RoleEstimator;
import org.rolescope.metrics.role.RoleIndex;
import org.rolescope.metrics.role.RoleOptions;
import org.rolescope.metrics.role.RolePrompts;
import org.rolescope.metrics.role.Stability;
import org.rolescope.metrics.role.StratifiedBootstrap;

/**
 * Compares one layer of two models. The same bootstrap resample, and the same swap of labels, is
 * applied to both models and to all layers.
 */
final class LayerComparison {
  private final RoleOptions options;
  private final RolePrompts prompts;
  private final RoleEstimator estimator;
  private final StratifiedBootstrap bootstrap;

  LayerComparison(RoleOptions options) {
    this.options = options;
    prompts = RolePrompts.of(options);
    estimator = new RoleEstimator(options);
    bootstrap = StratifiedBootstrap.of(options);
  }

  /**
   * The contrast of a layer, its q-values still NaN: they need all layers.
   *
   * @throws RolescopeException INVALID_ARGUMENT where layer or head count differ, or prompts are
   *     not those of the options
   */
  LayerContrast compare(LayerEntropies base, LayerEntropies instruct) {
    requireSame("layer", base.layer(), instruct.layer(), base.layer());
    requireSame("number of heads", base.headCount(), instruct.headCount(), base.layer());
    LayerRoles baseRoles = estimator.estimate(base);
    LayerRoles instructRoles = estimator.estimate(instruct);
    LayerTotals baseTotals = new LayerTotals(base);
    LayerTotals instructTotals = new LayerTotals(instruct);
    return new LayerContrast(
        base.layer(),
        baseRoles,
        instructRoles,
        difference(RoleIndex.RFC, baseRoles, instructRoles, baseTotals, instructTotals),
        difference(RoleIndex.RSI, baseRoles, instructRoles, baseTotals, instructTotals),
        unstable(baseRoles, instructRoles));
  }

  private IndexDifference difference(
      RoleIndex index,
      LayerRoles base,
      LayerRoles instruct,
      LayerTotals baseTotals,
      LayerTotals instructTotals) {
    ToDoubleFunction<RolePrompts> ratioOfSums =
        labelled -> instructTotals.value(index, labelled) - baseTotals.value(index, labelled);
    return new IndexDifference(
        ReferenceDifference.of(base.value(index).reference(), instruct.value(index).reference()),
        BootstrapInterval.of(ratioOfSums, prompts, bootstrap),
        instruct.value(index).headMedian() - base.value(index).headMedian(),
        PermutationTest.pValue(ratioOfSums, prompts, LabelSwaps.of(index, options)),
        Double.NaN,
        false);
  }

  private boolean unstable(LayerRoles base, LayerRoles instruct) {
    BitSet degenerate = base.degenerateHeads();
    degenerate.or(instruct.degenerateHeads());
    return base.unstable()
        || instruct.unstable()
        || Arrays.stream(RoleIndex.values())
            .anyMatch(index -> unstable(index, base, instruct, degenerate));
  }

  private boolean unstable(
      RoleIndex index, LayerRoles base, LayerRoles instruct, BitSet degenerate) {
    double[] baseHeads = base.referenceByHead(index);
    double[] instructHeads = instruct.referenceByHead(index);
    double[] differences =
        IntStream.range(0, baseHeads.length)
            .mapToDouble(head -> instructHeads[head] - baseHeads[head])
            .toArray();
    return Stability.unstable(baseHeads, degenerate, options.unstableAbove())
        || Stability.unstable(instructHeads, degenerate, options.unstableAbove())
        || Stability.unstable(differences, degenerate, options.unstableAbove());
  }

  private static void requireSame(String what, int base, int instruct, int layer) {
    if (base != instruct) {
      throw new RolescopeException(
          FaultCode.INVALID_ARGUMENT,
          "The %s differs between the models at layer %d (base %d, instruct %d); compare versions of one architecture"
              .formatted(what, layer, base, instruct));
    }
  }
}
