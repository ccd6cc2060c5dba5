package org.rolescope.metrics.confound;

import java.util.List;
import org.rolescope.fault.FaultCode;
import org.rolescope.fault.RolescopeException;
import org.rolescope.metrics.entropy.LayerEntropies;

/** Number of tokens of each prompt, which must be the same in every layer of a model. */
final class TokenCounts {
  private List<Integer> counts = List.of();
  private int firstLayer;

  /**
   * Admits a layer.
   *
   * @throws RolescopeException INVALID_ARGUMENT where its counts differ from those of the first
   */
  void admit(LayerEntropies layer) {
    if (counts.isEmpty()) {
      counts = layer.queryCounts();
      firstLayer = layer.layer();
    }
    if (!counts.equals(layer.queryCounts())) {
      throw new RolescopeException(
          FaultCode.INVALID_ARGUMENT,
          "The prompts of layer %d have other numbers of query positions than those of layer %d; send layers of one measurement"
              .formatted(layer.layer(), firstLayer));
    }
  }

  /** Number of tokens of each prompt; empty before the first layer. */
  List<Integer> counts() {
    return counts;
  }
}
