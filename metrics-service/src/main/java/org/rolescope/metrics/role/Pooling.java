package org.rolescope.metrics.role;

import java.util.List;
import java.util.function.IntToDoubleFunction;
import org.rolescope.metrics.entropy.EntropyKind;
import org.rolescope.metrics.entropy.EntropyTable;
import org.rolescope.metrics.entropy.LayerEntropies;

/** Averages entropies over the prompts of a category. */
final class Pooling {
  private Pooling() {}

  /**
   * Mean over all (prompt, query position) together: each prompt counts by its number of query
   * positions. METRICS §1, "pooled".
   *
   * @param prompts the category; empty gives NaN
   * @param queryCounts number of query positions of each prompt
   * @param nats mean entropy over query positions of a prompt
   */
  static double pooled(PromptIndices prompts, List<Integer> queryCounts, IntToDoubleFunction nats) {
    double weighted = 0;
    double rows = 0;
    for (int position = 0; position < prompts.size(); position++) {
      int prompt = prompts.at(position);
      weighted += queryCounts.get(prompt) * nats.applyAsDouble(prompt);
      rows += queryCounts.get(prompt);
    }
    return weighted / rows;
  }

  /** Pooled entropies of one head and its indices. */
  static HeadIndex head(LayerEntropies layer, EntropyKind kind, int head, RolePrompts prompts) {
    EntropyTable table = layer.table(kind);
    IntToDoubleFunction nats = prompt -> table.nats(head, prompt);
    return HeadIndex.of(
        pooled(prompts.self(), layer.queryCounts(), nats),
        pooled(prompts.neutral(), layer.queryCounts(), nats),
        pooled(prompts.confounder(), layer.queryCounts(), nats));
  }
}
