package org.rolescope.metrics.entropy;

import java.util.List;
import java.util.Map;
import org.rolescope.fault.FaultCode;
import org.rolescope.fault.RolescopeException;

/**
 * Entropies of one layer.
 *
 * @param layer the layer, counting from 0
 * @param headCount number of heads
 * @param queryCounts for each prompt, its number of query positions: how many rows were averaged
 * @param tables one table for each kind of entropy, [head, prompt]
 */
public record LayerEntropies(
    int layer, int headCount, List<Integer> queryCounts, Map<EntropyKind, EntropyTable> tables) {
  /**
   * Copies and checks that everything fits together.
   *
   * @throws RolescopeException INVALID_ARGUMENT where there are no heads or prompts, a query count
   *     is not positive, a kind is missing, or a table has another size
   */
  public LayerEntropies {
    queryCounts = List.copyOf(queryCounts);
    tables = Map.copyOf(tables);
    check(layer >= 0, layer, "layers count from 0");
    check(headCount > 0, layer, "it has no heads; send at least one");
    check(!queryCounts.isEmpty(), layer, "it has no prompts; send at least one");
    for (int count : queryCounts) {
      check(count > 0, layer, "a query count is " + count + "; every prompt has at least 1");
    }
    for (EntropyKind kind : EntropyKind.values()) {
      EntropyTable table = tables.get(kind);
      check(table != null, layer, "the " + kind + " table is missing; send both kinds");
      check(
          table.headCount() == headCount && table.promptCount() == queryCounts.size(),
          layer,
          "the %s table is for %d heads and %d prompts, not %d and %d"
              .formatted(
                  kind, table.headCount(), table.promptCount(), headCount, queryCounts.size()));
    }
  }

  /** Number of prompts. */
  public int promptCount() {
    return queryCounts.size();
  }

  /** The table of one kind. */
  public EntropyTable table(EntropyKind kind) {
    return tables.get(kind);
  }

  private static void check(boolean holds, int layer, String otherwise) {
    if (!holds) {
      throw new RolescopeException(
          FaultCode.INVALID_ARGUMENT,
          "The entropies of layer " + layer + " cannot be used: " + otherwise);
    }
  }
}
