package org.rolescope.metrics.role;

import java.util.stream.IntStream;
import org.rolescope.metrics.entropy.EntropyKind;
import org.rolescope.metrics.entropy.EntropyTable;
import org.rolescope.metrics.entropy.LayerEntropies;
import org.rolescope.metrics.stats.Estimate;
import org.rolescope.metrics.stats.Samples;
import org.rolescope.metrics.stats.StudentT;

/**
 * The published study's layer index, drawn in its figure of one model. Reference entropies are
 * averaged over heads for each prompt; the index is that of the categories' means, each prompt
 * counting once. METRICS §2, "reference layer index".
 */
final class PromptIndex {
  private PromptIndex() {}

  /**
   * The index with the interval index ± t(n_self − 1) · standard error of the mean of the index of
   * single prompts, paired by their number within the category: 1 − s_i / n_i, or (c_i − s_i) /
   * n_i.
   *
   * <p>The index is 0 where mean neutral entropy is not positive. The interval is NaN where the
   * categories differ in size, hold one prompt, or a neutral prompt's entropy is not positive.
   */
  static Estimate of(LayerEntropies layer, RoleIndex index, RolePrompts prompts) {
    double[] self = meansOverHeads(layer, prompts.self());
    double[] neutral = meansOverHeads(layer, prompts.neutral());
    double[] confounder = meansOverHeads(layer, prompts.confounder());
    double value =
        index.orZero(Samples.mean(self), Samples.mean(neutral), Samples.mean(confounder));
    double standardError = Samples.standardErrorOfMean(paired(index, self, neutral, confounder));
    return new Estimate(value, StudentT.interval(value, standardError, self.length - 1));
  }

  /** The index of each prompt; none where prompts cannot be paired. */
  private static double[] paired(
      RoleIndex index, double[] self, double[] neutral, double[] confounder) {
    boolean paired =
        switch (index) {
          case RFC -> self.length == neutral.length;
          case RSI -> self.length == neutral.length && self.length == confounder.length;
        };
    if (!paired) {
      return new double[0];
    }
    return IntStream.range(0, self.length)
        .mapToDouble(
            pair ->
                index.of(self[pair], neutral[pair], index == RoleIndex.RSI ? confounder[pair] : 0))
        .toArray();
  }

  private static double[] meansOverHeads(LayerEntropies layer, PromptIndices prompts) {
    EntropyTable table = layer.table(EntropyKind.REFERENCE);
    double[] means = new double[prompts.size()];
    for (int position = 0; position < means.length; position++) {
      int prompt = prompts.at(position);
      means[position] =
          IntStream.range(0, layer.headCount())
              .mapToDouble(head -> table.nats(head, prompt))
              .average()
              .orElse(Double.NaN);
    }
    return means;
  }
}
