package org.rolescope.metrics.confound;

import java.util.List;
import java.util.stream.IntStream;
import org.rolescope.metrics.entropy.KeyAttention;
import org.rolescope.metrics.entropy.LayerEntropies;
import org.rolescope.metrics.role.LayerRoles;

/**
 * What one layer of one model holds besides roles.
 *
 * @param sinkMass mean attention to key 0 over heads, prompts of all categories and query positions
 *     from 1 on; NaN where it was not measured, or no prompt has two tokens
 * @param degenerateHeads heads with hardly any neutral entropy, ascending
 * @param headCount number of heads
 */
public record ModelConfounds(double sinkMass, List<Integer> degenerateHeads, int headCount) {
  /** Copies the heads. */
  public ModelConfounds {
    degenerateHeads = List.copyOf(degenerateHeads);
  }

  /**
   * Looks at a layer.
   *
   * @param layer its entropies
   * @param roles what was estimated from them
   */
  static ModelConfounds of(LayerEntropies layer, LayerRoles roles) {
    return new ModelConfounds(
        layer.keyAttention().map(keys -> sinkMass(layer, keys)).orElse(Double.NaN),
        roles.degenerateHeads().stream().boxed().toList(),
        layer.headCount());
  }

  /** Every row from query position 1 on counts the same. */
  private static double sinkMass(LayerEntropies layer, KeyAttention attention) {
    double weighted = 0;
    double rows = 0;
    for (int prompt = 0; prompt < layer.promptCount(); prompt++) {
      int promptRows = layer.queryCounts().get(prompt) - 1;
      if (promptRows > 0) {
        weighted += promptRows * overHeads(attention, prompt);
        rows += promptRows;
      }
    }
    return weighted / rows;
  }

  private static double overHeads(KeyAttention attention, int prompt) {
    return IntStream.range(0, attention.headCount())
        .mapToDouble(head -> attention.first(head, prompt, 0))
        .average()
        .orElse(Double.NaN);
  }
}
