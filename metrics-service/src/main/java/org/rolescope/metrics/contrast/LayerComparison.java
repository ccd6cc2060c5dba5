package org.rolescope.metrics.contrast;

import java.util.BitSet;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.rolescope.fault.FaultCode;
import org.rolescope.fault.RolescopeException;
import org.rolescope.metrics.entropy.EntropyKind;
import org.rolescope.metrics.entropy.LayerEntropies;
import org.rolescope.metrics.role.ControlledIndices;
import org.rolescope.metrics.role.Controls;
import org.rolescope.metrics.role.IndexStatistic;
import org.rolescope.metrics.role.LayerRoles;
import org.rolescope.metrics.role.LayerTotals;
import org.rolescope.metrics.role.RoleEstimator;
import org.rolescope.metrics.role.RoleIndex;
import org.rolescope.metrics.role.RoleOptions;
import org.rolescope.metrics.role.RolePrompts;
import org.rolescope.metrics.role.Stability;

/**
 * Compares one layer of two models. The same bootstrap resample, and the same swap of labels, is
 * applied to both models and to all layers.
 */
final class LayerComparison {
  private final RoleOptions options;
  private final RolePrompts prompts;
  private final RoleEstimator estimator;
  private final Controls controls;

  LayerComparison(RoleOptions options) {
    this.options = options;
    prompts = RolePrompts.of(options);
    estimator = new RoleEstimator(options);
    controls = new Controls(options);
  }

  /**
   * The contrast of a layer, its q-values still NaN: they need all layers.
   *
   * @throws RolescopeException INVALID_ARGUMENT where layer or head count differ, or prompts are
   *     not those of the options, or a model has not the entropy they name
   */
  LayerContrast compare(LayerEntropies base, LayerEntropies instruct) {
    requireSame("layer", base.layer(), instruct.layer(), base.layer());
    requireSame("number of heads", base.headCount(), instruct.headCount(), base.layer());
    LayerRoles baseRoles = estimator.estimate(base);
    LayerRoles instructRoles = estimator.estimate(instruct);
    SortedMap<EntropyKind, IndexStatistic> differences = differences(base, instruct);
    List<ControlledIndices> controlled = controls.estimate(differences);
    IndexStatistic studentised =
        new StudentisedDifference(
            new LayerTotals(base, options.entropy()), new LayerTotals(instruct, options.entropy()));
    return new LayerContrast(
        base.layer(),
        baseRoles,
        instructRoles,
        difference(RoleIndex.RFC, baseRoles, instructRoles, studentised, controlled),
        difference(RoleIndex.RSI, baseRoles, instructRoles, studentised, controlled),
        unstable(baseRoles, instructRoles),
        controlled);
  }

  /** Instruct minus base by the ratio of sums, from each kind of entropy that both have. */
  private static SortedMap<EntropyKind, IndexStatistic> differences(
      LayerEntropies base, LayerEntropies instruct) {
    SortedMap<EntropyKind, IndexStatistic> instructTotals = LayerTotals.ofEveryKind(instruct);
    SortedMap<EntropyKind, IndexStatistic> differences = new TreeMap<>();
    LayerTotals.ofEveryKind(base)
        .forEach(
            (kind, before) -> {
              IndexStatistic after = instructTotals.get(kind);
              if (after != null) {
                differences.put(
                    kind,
                    (index, prompts) -> after.value(index, prompts) - before.value(index, prompts));
              }
            });
    return differences;
  }

  private IndexDifference difference(
      RoleIndex index,
      LayerRoles base,
      LayerRoles instruct,
      IndexStatistic studentised,
      List<ControlledIndices> controlled) {
    return new IndexDifference(
        ReferenceDifference.of(base.value(index).reference(), instruct.value(index).reference()),
        Controls.of(options.entropy(), controlled).value(index),
        instruct.value(index).headMedian() - base.value(index).headMedian(),
        PermutationTest.pValue(
            labelled -> studentised.value(index, labelled), prompts, LabelSwaps.of(index, options)),
        Double.NaN,
        false);
  }

  private boolean unstable(LayerRoles base, LayerRoles instruct) {
    BitSet degenerate = base.degenerateHeads();
    degenerate.or(instruct.degenerateHeads());
    return base.unstable()
        || instruct.unstable()
        || prompts.indices().stream()
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
