package org.rolescope.metrics.contrast;

import static java.util.Objects.requireNonNull;

import java.util.BitSet;
import java.util.List;
import org.rolescope.metrics.role.ControlledIndices;
import org.rolescope.metrics.role.LayerRoles;
import org.rolescope.metrics.role.RoleIndex;

/**
 * One layer of both models and their difference.
 *
 * @param layer the layer, counting from 0
 * @param base the older version
 * @param instruct the newer version
 * @param rfc RFC of instruct minus base
 * @param rsi RSI of instruct minus base
 * @param unstable heads degenerate in either model move a reference value or its difference
 * @param controls instruct minus base by the default estimator from every kind of entropy both
 *     have, in order of kind
 */
public record LayerContrast(
    int layer,
    LayerRoles base,
    LayerRoles instruct,
    IndexDifference rfc,
    IndexDifference rsi,
    boolean unstable,
    List<ControlledIndices> controls) {
  /** Copies the controls. */
  public LayerContrast {
    requireNonNull(base, "base is null");
    requireNonNull(instruct, "instruct is null");
    requireNonNull(rfc, "rfc is null");
    requireNonNull(rsi, "rsi is null");
    controls = List.copyOf(controls);
  }

  /** The difference of the index asked for. */
  public IndexDifference difference(RoleIndex index) {
    return switch (index) {
      case RFC -> rfc;
      case RSI -> rsi;
    };
  }

  /** The heads that are degenerate in either model. */
  public BitSet degenerateHeads() {
    BitSet either = base.degenerateHeads();
    either.or(instruct.degenerateHeads());
    return either;
  }

  /** The same layer with other differences. */
  LayerContrast withDifferences(IndexDifference otherRfc, IndexDifference otherRsi) {
    return new LayerContrast(layer, base, instruct, otherRfc, otherRsi, unstable, controls);
  }
}
