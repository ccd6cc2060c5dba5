package org.rolescope.metrics.confound;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.stream.Stream;
import org.rolescope.metrics.contrast.LayerContrast;
import org.rolescope.metrics.entropy.EntropyKind;
import org.rolescope.metrics.role.ControlledIndices;
import org.rolescope.metrics.role.LayerRoles;
import org.rolescope.metrics.role.RoleIndex;
import org.rolescope.metrics.stats.Estimate;

/**
 * One index of one layer as the default estimator has it, with the same from other entropies.
 *
 * @param index the index
 * @param layer the layer, counting from 0
 * @param value the default estimate
 * @param conclusive it is significant: for two models by its q-value, for one where its interval
 *     excludes 0
 * @param controls the same index from every kind of entropy there is
 */
record Finding(
    RoleIndex index,
    int layer,
    double value,
    boolean conclusive,
    List<ControlledIndices> controls) {
  Finding {
    requireNonNull(index, "index is null");
    controls = List.copyOf(controls);
  }

  /** A difference of two models. */
  static Finding of(RoleIndex index, LayerContrast contrast) {
    return new Finding(
        index,
        contrast.layer(),
        contrast.difference(index).ratioOfSums().value(),
        contrast.difference(index).significant(),
        contrast.controls());
  }

  /** An index of one model. */
  static Finding of(RoleIndex index, LayerRoles roles) {
    Estimate estimate = roles.value(index).ratioOfSums();
    return new Finding(
        index,
        roles.layer(),
        estimate.value(),
        estimate.confidence().excludes(0),
        roles.controls());
  }

  /**
   * Whether the finding survives a control: with that kind of entropy the estimate has the same
   * sign, and its interval excludes 0. An undefined one, or none at all, is no survival.
   */
  boolean survives(EntropyKind control) {
    return estimates(control)
        .anyMatch(estimate -> estimate.value() * value > 0 && estimate.confidence().excludes(0));
  }

  /** Whether there is this kind of entropy. */
  boolean has(EntropyKind control) {
    return estimates(control).findAny().isPresent();
  }

  private Stream<Estimate> estimates(EntropyKind control) {
    return controls.stream()
        .filter(controlled -> controlled.kind() == control)
        .map(controlled -> controlled.value(index));
  }
}
