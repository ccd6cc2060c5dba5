package org.rolescope.metrics.role;

import static java.util.Objects.requireNonNull;

import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import org.rolescope.metrics.stats.EffectSize;

/**
 * RFC and RSI of one layer of one model.
 *
 * @param layer the layer, counting from 0
 * @param rfc role focus coefficient
 * @param rsi role separation index
 * @param heads every head
 * @param unstable degenerate heads move a reference value, see {@link Stability}
 * @param controls the default estimator from every kind of entropy there is, in order of kind
 * @param selfAgainstNeutral effect size over prompts, from exact entropies averaged over heads
 * @param keyAttention attention by position, self minus neutral; empty where it was not measured
 */
public record LayerRoles(
    int layer,
    LayerIndex rfc,
    LayerIndex rsi,
    List<HeadRoles> heads,
    boolean unstable,
    List<ControlledIndices> controls,
    EffectSize selfAgainstNeutral,
    Optional<KeyAttentionDifference> keyAttention) {
  /** Copies heads and controls. */
  public LayerRoles {
    requireNonNull(rfc, "rfc is null");
    requireNonNull(rsi, "rsi is null");
    heads = List.copyOf(heads);
    controls = List.copyOf(controls);
    requireNonNull(selfAgainstNeutral, "selfAgainstNeutral is null");
    requireNonNull(keyAttention, "keyAttention is null");
  }

  /** The index asked for. */
  public LayerIndex value(RoleIndex index) {
    return switch (index) {
      case RFC -> rfc;
      case RSI -> rsi;
    };
  }

  /** The per-head values of an index from reference entropy, [head]. */
  public double[] referenceByHead(RoleIndex index) {
    return HeadRoles.referenceValues(heads, index);
  }

  /** The degenerate heads. */
  public BitSet degenerateHeads() {
    return HeadRoles.degenerate(heads);
  }
}
