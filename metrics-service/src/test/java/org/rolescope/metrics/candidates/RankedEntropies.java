package org.rolescope.metrics.candidates;

import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.rolescope.metrics.entropy.EntropyKind;
import org.rolescope.metrics.entropy.EntropyTable;
import org.rolescope.metrics.entropy.LayerEntropies;
import org.rolescope.metrics.role.RoleCategories;

/** Layers of entropies of pairs of prompts, and their ranking. */
final class RankedEntropies {
  private RankedEntropies() {}

  /** The ranking of all heads of these entropies, [model][head over all layers][pair]. */
  static RankedCandidates rank(double[][][] self, double[][][] neutral, int headsALayer) {
    return ranking(self, neutral, headsALayer, 0).finish();
  }

  /** Entropies are [model][head over all layers][pair]. */
  static CandidateRanking ranking(
      double[][][] self, double[][][] neutral, int headsALayer, int topK) {
    CandidateRanking ranking = new CandidateRanking(options(self[0][0].length, topK));
    for (int layer = 0; layer < self[0].length / headsALayer; layer++) {
      ranking.add(
          layer(self[0], neutral[0], layer, headsALayer),
          layer(self[1], neutral[1], layer, headsALayer));
    }
    return ranking;
  }

  /** One layer of entropies, [head over all layers][pair]. */
  static LayerEntropies layer(double[][] self, double[][] neutral, int layer, int headsALayer) {
    int pairs = self[0].length;
    double[] nats =
        IntStream.range(0, headsALayer)
            .map(head -> layer * headsALayer + head)
            .boxed()
            .flatMap(head -> Stream.of(self[head % self.length], neutral[head % self.length]))
            .flatMapToDouble(Arrays::stream)
            .toArray();
    return entropies(layer, headsALayer, 2 * pairs, nats);
  }

  /** One layer whose reference entropies these are, [head, prompt] row-major. */
  static LayerEntropies entropies(int layer, int heads, int prompts, double[] nats) {
    // The exact table is another one, so that it would show if it were taken.
    return new LayerEntropies(
        layer,
        heads,
        Collections.nCopies(prompts, 4),
        Map.of(
            EntropyKind.REFERENCE,
            new EntropyTable(heads, prompts, nats),
            EntropyKind.EXACT,
            new EntropyTable(heads, prompts, new double[nats.length])));
  }

  /** Options for so many pairs of prompts; a topK of 0 keeps every head. */
  static CandidateOptions options(int pairs, int topK) {
    return new CandidateOptions(
        categories(pairs), RoleCategories.PUBLISHED, "any", topK, EntropyKind.REFERENCE);
  }

  /** As many self prompts as neutral ones. */
  static List<String> categories(int pairs) {
    return Stream.of("self_referent", "neutral")
        .flatMap(category -> Collections.nCopies(pairs, category).stream())
        .toList();
  }

  /** [model][head][pair], between 0.01 and 2 nats. */
  static double[][][] models(Random random, int heads, int pairs) {
    double[][][] models = new double[2][heads][];
    for (double[][] model : models) {
      for (int head = 0; head < heads; head++) {
        model[head] = random.doubles(pairs, 0.01, 2).toArray();
      }
    }
    return models;
  }
}
