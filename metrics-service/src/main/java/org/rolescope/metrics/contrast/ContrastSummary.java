package org.rolescope.metrics.contrast;

import static java.util.Objects.requireNonNull;

import java.util.List;
import org.rolescope.metrics.role.RoleIndex;

/**
 * Differences of one index over the layers.
 *
 * @param reference by the reference estimator
 * @param ratioOfSums by the default estimator
 */
public record ContrastSummary(SeriesSummary reference, SeriesSummary ratioOfSums) {
  /** Checks that nothing is missing. */
  public ContrastSummary {
    requireNonNull(reference, "reference is null");
    requireNonNull(ratioOfSums, "ratioOfSums is null");
  }

  /** Summarises one index. */
  public static ContrastSummary of(RoleIndex index, List<LayerContrast> layers) {
    List<IndexDifference> differences =
        layers.stream().map(layer -> layer.difference(index)).toList();
    return new ContrastSummary(
        SeriesSummary.of(
            differences.stream().mapToDouble(layer -> layer.reference().value()).toArray()),
        SeriesSummary.of(
            differences.stream().mapToDouble(layer -> layer.ratioOfSums().value()).toArray()));
  }
}
