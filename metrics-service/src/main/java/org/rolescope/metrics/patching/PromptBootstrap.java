package org.rolescope.metrics.patching;

import static java.util.Objects.requireNonNull;

import java.util.Iterator;
import java.util.stream.IntStream;
import org.apache.commons.rng.UniformRandomProvider;
import org.rolescope.metrics.role.PromptIndices;
import org.rolescope.metrics.stats.RandomStream;

/**
 * Bootstrap resamples of prompts of one kind: as many as there are, drawn with replacement. Every
 * iteration gives the same resamples, so all candidates see the same draws, and none is kept.
 *
 * @param prompts prompts to draw from
 * @param resamples number of resamples
 * @param seed the same seed gives the same resamples
 */
record PromptBootstrap(PromptIndices prompts, int resamples, long seed)
    implements Iterable<PromptIndices> {
  PromptBootstrap {
    requireNonNull(prompts, "prompts is null");
  }

  @Override
  public Iterator<PromptIndices> iterator() {
    UniformRandomProvider random = RandomStream.BOOTSTRAP.open(seed);
    return IntStream.range(0, resamples).mapToObj(resample -> draw(random)).iterator();
  }

  private PromptIndices draw(UniformRandomProvider random) {
    int[] drawn = new int[prompts.size()];
    for (int position = 0; position < drawn.length; position++) {
      drawn[position] = prompts.at(random.nextInt(drawn.length));
    }
    return PromptIndices.of(drawn);
  }
}
