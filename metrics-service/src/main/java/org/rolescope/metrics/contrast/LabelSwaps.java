package org.rolescope.metrics.contrast;

import java.util.Iterator;
import java.util.stream.IntStream;
import org.apache.commons.rng.UniformRandomProvider;
import org.rolescope.metrics.role.PromptIndices;
import org.rolescope.metrics.role.RoleIndex;
import org.rolescope.metrics.role.RoleOptions;
import org.rolescope.metrics.role.RolePrompts;
import org.rolescope.metrics.stats.RandomStream;

/**
 * Relabelled prompts for a permutation test. A stratum is the pair of prompts with the same number
 * in two categories; in each stratum the two labels are swapped or not, by the toss of a coin. For
 * RFC the categories are self and neutral, for RSI self and confounder. Where they differ in size,
 * the prompts left over keep their labels. Every iteration gives the same swaps, so both models and
 * all layers see the same.
 *
 * @param index the index under test
 * @param prompts prompts as labelled
 * @param permutations number of permutations
 * @param seed the same seed gives the same swaps
 */
public record LabelSwaps(RoleIndex index, RolePrompts prompts, int permutations, long seed)
    implements Iterable<RolePrompts> {
  /** The swaps the options ask for. */
  public static LabelSwaps of(RoleIndex index, RoleOptions options) {
    return new LabelSwaps(index, RolePrompts.of(options), options.permutations(), options.seed());
  }

  @Override
  public Iterator<RolePrompts> iterator() {
    UniformRandomProvider random = stream().open(seed);
    int pairs = Math.min(prompts.self().size(), partner().size());
    return IntStream.range(0, permutations)
        .mapToObj(permutation -> swap(index, prompts, coins(pairs, random)))
        .iterator();
  }

  /**
   * Prompts with some labels swapped.
   *
   * @param index says with which category self is swapped
   * @param prompts prompts as labelled
   * @param swapped whether to swap, for each pair; not longer than the smaller category
   */
  public static RolePrompts swap(RoleIndex index, RolePrompts prompts, boolean[] swapped) {
    return switch (index) {
      case RFC ->
          new RolePrompts(
              exchange(prompts.self(), prompts.neutral(), swapped),
              exchange(prompts.neutral(), prompts.self(), swapped),
              prompts.confounder());
      case RSI ->
          new RolePrompts(
              exchange(prompts.self(), prompts.confounder(), swapped),
              prompts.neutral(),
              exchange(prompts.confounder(), prompts.self(), swapped));
    };
  }

  private static PromptIndices exchange(
      PromptIndices kept, PromptIndices other, boolean[] swapped) {
    int[] exchanged = new int[kept.size()];
    for (int position = 0; position < exchanged.length; position++) {
      boolean swap = position < swapped.length && swapped[position];
      exchanged[position] = swap ? other.at(position) : kept.at(position);
    }
    return PromptIndices.of(exchanged);
  }

  private static boolean[] coins(int count, UniformRandomProvider random) {
    boolean[] coins = new boolean[count];
    for (int position = 0; position < count; position++) {
      coins[position] = random.nextBoolean();
    }
    return coins;
  }

  private PromptIndices partner() {
    return switch (index) {
      case RFC -> prompts.neutral();
      case RSI -> prompts.confounder();
    };
  }

  private RandomStream stream() {
    return switch (index) {
      case RFC -> RandomStream.RFC_PERMUTATION;
      case RSI -> RandomStream.RSI_PERMUTATION;
    };
  }
}
