package org.rolescope.metrics.testing;

import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.rolescope.metrics.entropy.EntropyKind;
import org.rolescope.metrics.entropy.EntropyTable;
import org.rolescope.metrics.entropy.LayerEntropies;

/**
 * Entropies as a model gives them over prompts drawn anew: heads differ in level, prompts of a
 * category vary in length and entropy, and heads of one prompt, layer after layer and in both
 * models, vary partly together.
 *
 * @param each number of prompts in each of the three published categories
 * @param heads number of heads
 * @param sharedSpread relative standard deviation over prompts that all heads share
 * @param ownSpread relative standard deviation over prompts of each head on its own
 */
public record SimulatedPrompts(int each, int heads, double sharedSpread, double ownSpread) {
  /** Tokens of each prompt: 6 to 12. */
  public List<Integer> lengths(Random random) {
    return random.ints(3L * each, 6, 13).boxed().toList();
  }

  /** What each prompt adds to all heads, in shares of their level. */
  public double[] shared(Random random) {
    return IntStream.range(0, 3 * each)
        .mapToDouble(prompt -> sharedSpread * random.nextGaussian())
        .toArray();
  }

  /**
   * A layer. Head h has a level of 0.6 nats and 0.1 more for each head before it, of which each
   * category has a share.
   *
   * @param lengths tokens of each prompt
   * @param shared what each prompt adds to all heads
   * @param levels mean entropy of self, neutral and confounder prompts, in shares of the head's
   *     level: the indices of the population follow from these
   */
  public LayerEntropies layer(
      Random random, int layer, List<Integer> lengths, double[] shared, double... levels) {
    int prompts = 3 * each;
    double[] nats = new double[heads * prompts];
    for (int head = 0; head < heads; head++) {
      for (int prompt = 0; prompt < prompts; prompt++) {
        double spread = 1 + shared[prompt] + ownSpread * random.nextGaussian();
        nats[head * prompts + prompt] =
            Math.max(0, (0.6 + 0.1 * head) * levels[prompt / each] * spread);
      }
    }
    EntropyTable table = new EntropyTable(heads, prompts, nats);
    return new LayerEntropies(
        layer, heads, lengths, Map.of(EntropyKind.REFERENCE, table, EntropyKind.EXACT, table));
  }
}
