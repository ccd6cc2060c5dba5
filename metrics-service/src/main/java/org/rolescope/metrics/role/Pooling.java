package org.rolescope.metrics.role;

import org.rolescope.metrics.entropy.EntropyKind;
import org.rolescope.metrics.entropy.EntropyTable;
import org.rolescope.metrics.entropy.LayerEntropies;

/** Averages entropies over the prompts of a category. */
final class Pooling {
  private Pooling() {}

  /** Pooled entropies of one head and its indices. */
  static HeadIndex head(LayerEntropies layer, EntropyKind kind, int head, RolePrompts prompts) {
    return HeadIndex.of(
        pooled(layer, kind, head, prompts.self()),
        pooled(layer, kind, head, prompts.neutral()),
        pooled(layer, kind, head, prompts.confounder()));
  }

  /**
   * Mean over all (prompt, query position) together: each prompt counts by its number of query
   * positions of this kind, so one without any is left out. METRICS §1, "pooled".
   *
   * @param prompts the category; NaN where none of them has an entropy of this kind
   */
  private static double pooled(
      LayerEntropies layer, EntropyKind kind, int head, PromptIndices prompts) {
    EntropyTable table = layer.table(kind);
    double weighted = 0;
    double rows = 0;
    for (int position = 0; position < prompts.size(); position++) {
      int prompt = prompts.at(position);
      int queryCount = layer.queryCount(kind, prompt);
      double nats = table.nats(head, prompt);
      if (!Double.isNaN(nats)) {
        weighted += queryCount * nats;
        rows += queryCount;
      }
    }
    return weighted / rows;
  }
}
