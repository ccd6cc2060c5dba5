package org.rolescope.metrics.entropy;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.rolescope.fault.FaultCode;
import org.rolescope.fault.RolescopeException;

/**
 * Entropies of one layer.
 *
 * @param layer the layer, counting from 0
 * @param headCount number of heads
 * @param queryCounts for each prompt, its number of query positions: how many rows were averaged
 * @param tables one table for each kind of entropy that was measured, [head, prompt]; the required
 *     kinds are always there
 * @param keyAttention attention by position; empty where it was not measured
 */
public record LayerEntropies(
    int layer,
    int headCount,
    List<Integer> queryCounts,
    Map<EntropyKind, EntropyTable> tables,
    Optional<KeyAttention> keyAttention) {
  /**
   * Copies and checks that everything fits together.
   *
   * @throws RolescopeException INVALID_ARGUMENT where there are no heads or prompts, a query count
   *     is not positive, a required kind is missing, or a table has another size
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
      check(
          tables.containsKey(kind) || !kind.isRequired(),
          layer,
          "the " + kind + " table is missing; send reference and exact");
    }
    int promptCount = queryCounts.size();
    tables.forEach(
        (kind, table) ->
            check(
                table.headCount() == headCount && table.promptCount() == promptCount,
                layer,
                "the %s table is for %d heads and %d prompts, not %d and %d"
                    .formatted(
                        kind, table.headCount(), table.promptCount(), headCount, promptCount)));
    keyAttention.ifPresent(
        keys ->
            check(
                keys.headCount() == headCount && keys.promptCount() == promptCount,
                layer,
                "the attention to keys is for %d heads and %d prompts, not %d and %d"
                    .formatted(keys.headCount(), keys.promptCount(), headCount, promptCount)));
  }

  /** Entropies without attention by position. */
  public LayerEntropies(
      int layer, int headCount, List<Integer> queryCounts, Map<EntropyKind, EntropyTable> tables) {
    this(layer, headCount, queryCounts, tables, Optional.empty());
  }

  /** Number of prompts. */
  public int promptCount() {
    return queryCounts.size();
  }

  /** Whether a kind was measured; the required ones always were. */
  public boolean has(EntropyKind kind) {
    return tables.containsKey(kind);
  }

  /**
   * The table of one kind.
   *
   * @throws RolescopeException INVALID_ARGUMENT where it was not measured
   */
  public EntropyTable table(EntropyKind kind) {
    check(has(kind), layer, "there is no " + kind + " table; measure that kind too");
    return tables.get(kind);
  }

  /**
   * How many query positions of a prompt the mean of a kind is over; 0 where it is NaN for every
   * head. A head that left out more positions of its own is NaN where it left out all.
   */
  public int queryCount(EntropyKind kind, int prompt) {
    return table(kind)
        .queryCounts()
        .map(counts -> counts.get(prompt))
        .orElse(queryCounts.get(prompt));
  }

  private static void check(boolean holds, int layer, String otherwise) {
    if (!holds) {
      throw new RolescopeException(
          FaultCode.INVALID_ARGUMENT,
          "The entropies of layer " + layer + " cannot be used: " + otherwise);
    }
  }
}
