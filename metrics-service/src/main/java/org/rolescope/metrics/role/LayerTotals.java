package org.rolescope.metrics.role;

import java.util.SortedMap;
import java.util.TreeMap;
import org.rolescope.metrics.entropy.EntropyKind;
import org.rolescope.metrics.entropy.EntropyTable;
import org.rolescope.metrics.entropy.LayerEntropies;

/**
 * The default layer value: the ratio of sums over heads of pooled entropy of one kind, so that a
 * head with hardly any entropy has hardly any say. RFC = 1 − Σ_h H_self / Σ_h H_neutral and RSI =
 * (Σ_h H_confounder − Σ_h H_self) / Σ_h H_neutral. METRICS §2, "default layer value".
 *
 * <p>Holds one number for each prompt, which makes a value for resampled or relabelled prompts
 * cheap.
 */
public final class LayerTotals implements IndexStatistic {
  /** Entropy summed over heads and query positions, nats, [prompt]; 0 where there is none. */
  private final double[] summedNats;

  /** Number of query positions of this kind, [prompt]; 0 leaves a prompt out. */
  private final int[] queryCounts;

  /**
   * Sums the entropies of a layer.
   *
   * @param layer the layer
   * @param kind which of its entropies; it must have that kind
   */
  public LayerTotals(LayerEntropies layer, EntropyKind kind) {
    EntropyTable table = layer.table(kind);
    queryCounts = new int[layer.promptCount()];
    summedNats = new double[layer.promptCount()];
    for (int prompt = 0; prompt < queryCounts.length; prompt++) {
      double nats = overHeads(table, prompt);
      if (!Double.isNaN(nats)) {
        queryCounts[prompt] = layer.queryCount(kind, prompt);
        summedNats[prompt] = queryCounts[prompt] * nats;
      }
    }
  }

  /** The totals of every kind of entropy the layer has, in the order of {@link EntropyKind}. */
  public static SortedMap<EntropyKind, IndexStatistic> ofEveryKind(LayerEntropies layer) {
    SortedMap<EntropyKind, IndexStatistic> totals = new TreeMap<>();
    for (EntropyKind kind : EntropyKind.values()) {
      if (layer.has(kind)) {
        totals.put(kind, new LayerTotals(layer, kind));
      }
    }
    return totals;
  }

  /**
   * The index for these prompts; NaN where the neutral prompts have no entropy, or a category that
   * the index rests on has no prompt with an entropy of this kind.
   */
  @Override
  public double value(RoleIndex index, RolePrompts prompts) {
    return index.of(
        pooled(prompts.self()), pooled(prompts.neutral()), pooled(prompts.confounder()));
  }

  /** Number of query positions of these prompts. */
  long rows(PromptIndices prompts) {
    long rows = 0;
    for (int position = 0; position < prompts.size(); position++) {
      rows += queryCounts[prompts.at(position)];
    }
    return rows;
  }

  /** By how much a prompt's summed entropy exceeds what this mean would give it, nats. */
  double excessNats(int prompt, double meanNats) {
    return summedNats[prompt] - queryCounts[prompt] * meanNats;
  }

  /** Σ_h of the mean over all (prompt, query position), nats; NaN where there is none. */
  public double pooled(PromptIndices prompts) {
    double nats = 0;
    long rows = 0;
    for (int position = 0; position < prompts.size(); position++) {
      int prompt = prompts.at(position);
      nats += summedNats[prompt];
      rows += queryCounts[prompt];
    }
    return nats / rows;
  }

  /** A head that leaves out the whole prompt adds nothing; NaN where every head does. */
  private static double overHeads(EntropyTable table, int prompt) {
    double nats = 0;
    boolean any = false;
    for (int head = 0; head < table.headCount(); head++) {
      double value = table.nats(head, prompt);
      if (!Double.isNaN(value)) {
        nats += value;
        any = true;
      }
    }
    return any ? nats : Double.NaN;
  }
}
