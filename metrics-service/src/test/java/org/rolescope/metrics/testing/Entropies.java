package org.rolescope.metrics.testing;

import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.rolescope.metrics.entropy.EntropyKind;
import org.rolescope.metrics.entropy.EntropyTable;
import org.rolescope.metrics.entropy.LayerEntropies;

/** Entropy tables for tests. */
public final class Entropies {
  private Entropies() {}

  /** Prompts of the three published categories, as many of each, one category after the other. */
  public static List<String> categories(int each) {
    return Stream.of("self_referent", "neutral", "confounder")
        .flatMap(category -> IntStream.range(0, each).mapToObj(prompt -> category))
        .toList();
  }

  /** A layer whose reference and exact entropies are the same values, [head, prompt]. */
  public static LayerEntropies layer(
      int layer, int heads, List<Integer> queryCounts, double[] nats) {
    EntropyTable table = new EntropyTable(heads, queryCounts.size(), nats);
    return new LayerEntropies(
        layer, heads, queryCounts, Map.of(EntropyKind.REFERENCE, table, EntropyKind.EXACT, table));
  }

  /** A layer of entropies between 0.5 and 1.5 nats, 2 to 12 query positions a prompt. */
  public static LayerEntropies random(Random random, int layer, int heads, int prompts) {
    List<Integer> queryCounts = random.ints(prompts, 2, 13).boxed().toList();
    double[] nats = random.doubles((long) heads * prompts, 0.5, 1.5).toArray();
    return layer(layer, heads, queryCounts, nats);
  }
}
