package org.rolescope.metrics.role;

import java.util.Iterator;
import java.util.stream.IntStream;
import org.apache.commons.rng.UniformRandomProvider;
import org.rolescope.metrics.stats.RandomStream;

/**
 * Bootstrap resamples: as many prompts as each category has, drawn from it with replacement. Every
 * iteration gives the same resamples, so layers and models walked one after the other see the same
 * draws, and none of them is kept.
 *
 * @param prompts prompts to draw from
 * @param resamples number of resamples
 * @param seed the same seed gives the same resamples
 */
public record StratifiedBootstrap(RolePrompts prompts, int resamples, long seed)
    implements Iterable<RolePrompts> {
  /** The resamples the options ask for. */
  public static StratifiedBootstrap of(RoleOptions options) {
    return new StratifiedBootstrap(
        RolePrompts.of(options), options.bootstrapResamples(), options.seed());
  }

  @Override
  public Iterator<RolePrompts> iterator() {
    UniformRandomProvider random = RandomStream.BOOTSTRAP.open(seed);
    return IntStream.range(0, resamples).mapToObj(resample -> draw(random)).iterator();
  }

  private RolePrompts draw(UniformRandomProvider random) {
    return new RolePrompts(
        draw(prompts.self(), random),
        draw(prompts.neutral(), random),
        draw(prompts.confounder(), random));
  }

  private static PromptIndices draw(PromptIndices category, UniformRandomProvider random) {
    int[] drawn = new int[category.size()];
    for (int position = 0; position < drawn.length; position++) {
      drawn[position] = category.at(random.nextInt(drawn.length));
    }
    return PromptIndices.of(drawn);
  }
}
