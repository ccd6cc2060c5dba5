package org.rolescope.metrics.role;

import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;
import org.rolescope.metrics.entropy.EntropyKind;
import org.rolescope.metrics.entropy.EntropyTable;
import org.rolescope.metrics.entropy.LayerEntropies;
import org.rolescope.metrics.stats.EffectSize;

/**
 * How far apart the exact entropies of single prompts lie, self against neutral: each prompt counts
 * once, whatever its length. METRICS §6.
 */
final class PromptEffects {
  private PromptEffects() {}

  /** The effect of one head, over prompts. */
  static EffectSize ofHead(LayerEntropies layer, int head, RolePrompts prompts) {
    EntropyTable table = layer.table(EntropyKind.EXACT);
    return of(layer, prompts, prompt -> table.nats(head, prompt));
  }

  /** The effect of a layer, over prompts, whose entropies are averaged over heads. */
  static EffectSize ofLayer(LayerEntropies layer, RolePrompts prompts) {
    EntropyTable table = layer.table(EntropyKind.EXACT);
    return of(
        layer,
        prompts,
        prompt ->
            IntStream.range(0, layer.headCount())
                .mapToDouble(head -> table.nats(head, prompt))
                .average()
                .orElse(Double.NaN));
  }

  private static EffectSize of(
      LayerEntropies layer, RolePrompts prompts, IntToDoubleFunction nats) {
    return EffectSize.of(
        values(layer, prompts.self(), nats), values(layer, prompts.neutral(), nats));
  }

  /** The entropies of a category, without prompts that have none. */
  private static double[] values(
      LayerEntropies layer, PromptIndices prompts, IntToDoubleFunction nats) {
    return IntStream.range(0, prompts.size())
        .map(prompts::at)
        .filter(prompt -> layer.queryCount(EntropyKind.EXACT, prompt) > 0)
        .mapToDouble(nats)
        .toArray();
  }
}
