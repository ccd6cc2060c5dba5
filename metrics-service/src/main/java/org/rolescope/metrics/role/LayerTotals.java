package org.rolescope.metrics.role;

import java.util.stream.IntStream;
import org.rolescope.metrics.entropy.EntropyKind;
import org.rolescope.metrics.entropy.EntropyTable;
import org.rolescope.metrics.entropy.LayerEntropies;

/**
 * The default layer value: the ratio of sums over heads of pooled exact entropy, so that a head
 * with hardly any entropy has hardly any say. RFC = 1 − Σ_h H_self / Σ_h H_neutral and RSI = (Σ_h
 * H_confounder − Σ_h H_self) / Σ_h H_neutral. METRICS §2, "default layer value".
 *
 * <p>Holds one number for each prompt, which makes a value for resampled or relabelled prompts
 * cheap.
 */
public final class LayerTotals {
  /** Exact entropy summed over heads and query positions, nats, [prompt]. */
  private final double[] summedNats;

  /** Number of query positions, [prompt]. */
  private final int[] queryCounts;

  /** Sums the exact entropies of a layer. */
  public LayerTotals(LayerEntropies layer) {
    EntropyTable table = layer.table(EntropyKind.EXACT);
    queryCounts = layer.queryCounts().stream().mapToInt(Integer::intValue).toArray();
    summedNats =
        IntStream.range(0, layer.promptCount())
            .mapToDouble(prompt -> queryCounts[prompt] * overHeads(table, prompt))
            .toArray();
  }

  /** The index for these prompts; NaN where the neutral prompts have no entropy. */
  public double value(RoleIndex index, RolePrompts prompts) {
    return index.of(
        pooled(prompts.self()), pooled(prompts.neutral()), pooled(prompts.confounder()));
  }

  /** Σ_h of the mean over all (prompt, query position), nats. */
  private double pooled(PromptIndices prompts) {
    double nats = 0;
    long rows = 0;
    for (int position = 0; position < prompts.size(); position++) {
      int prompt = prompts.at(position);
      nats += summedNats[prompt];
      rows += queryCounts[prompt];
    }
    return nats / rows;
  }

  private static double overHeads(EntropyTable table, int prompt) {
    double nats = 0;
    for (int head = 0; head < table.headCount(); head++) {
      nats += table.nats(head, prompt);
    }
    return nats;
  }
}
