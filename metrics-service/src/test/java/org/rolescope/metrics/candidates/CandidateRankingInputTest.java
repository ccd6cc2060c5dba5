package org.rolescope.metrics.candidates;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.rolescope.metrics.candidates.RankedEntropies.categories;
import static org.rolescope.metrics.candidates.RankedEntropies.entropies;
import static org.rolescope.metrics.candidates.RankedEntropies.layer;
import static org.rolescope.metrics.candidates.RankedEntropies.models;
import static org.rolescope.metrics.candidates.RankedEntropies.options;
import static org.rolescope.metrics.candidates.RankedEntropies.rank;
import static org.rolescope.metrics.candidates.RankedEntropies.ranking;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.rolescope.fault.FaultCode;
import org.rolescope.fault.RolescopeException;
import org.rolescope.metrics.entropy.EntropyKind;
import org.rolescope.metrics.entropy.EntropyTable;
import org.rolescope.metrics.entropy.LayerEntropies;
import org.rolescope.metrics.role.RoleCategories;
import org.rolescope.metrics.testing.SeededRandom;

/** Heads and prompts that lack something, and input that cannot be ranked. */
final class CandidateRankingInputTest {
  @Test
  void headsWithoutChangeHaveNoTestAndEqualHeadsNoScore() {
    double[][] same = {{1, 2, 3}, {1, 2, 3}};
    RankedCandidates ranked = rank(new double[][][] {same, same}, new double[][][] {same, same}, 2);
    for (Candidate candidate : ranked.candidates()) {
      assertTrue(Double.isNaN(candidate.difference().wilcoxonPValue()));
      assertTrue(Double.isNaN(candidate.qValue()));
      assertTrue(Double.isNaN(candidate.scores().composite()));
      assertEquals(0, candidate.difference().didConsistency());
      assertEquals(0, candidate.difference().didMedian());
    }
    assertEquals(0, ranked.candidates().getFirst().difference().head());
  }

  @Test
  void aHeadWithoutEntropyHasNoLogRatioAndSpoilsNoOther() {
    Random random = SeededRandom.create();
    double[][][] self = models(random, 4, 5);
    double[][][] neutral = models(random, 4, 5);
    self[0][2] = new double[] {0, 0, 0, 0, 0.3};
    List<Candidate> candidates = rank(self, neutral, 4).candidates();
    Candidate last = candidates.getLast();
    assertEquals(2, last.difference().head());
    assertEquals(4, last.rank());
    assertTrue(Double.isNaN(last.difference().didLogRatioMedian()));
    assertTrue(Double.isNaN(last.scores().composite()));
    assertFalse(Double.isNaN(last.difference().didMedian()));
    candidates.subList(0, 3).forEach(each -> assertFalse(Double.isNaN(each.scores().composite())));
  }

  @Test
  void promptsWithoutAPartnerAreLeftOut() {
    Random random = SeededRandom.create();
    double[][][] self = models(random, 4, 5);
    double[][][] neutral = models(random, 4, 5);
    List<String> categories = new ArrayList<>(categories(5));
    categories.addAll(List.of("neutral", "third_person"));
    CandidateRanking ranking = new CandidateRanking(CandidateOptions.defaults(categories, "any"));
    ranking.add(withTwoMore(self[0], neutral[0]), withTwoMore(self[1], neutral[1]));
    assertEquals(rank(self, neutral, 4), ranking.finish());
  }

  @Test
  void promptsWithoutEntropyOfTheKindTakeTheirPartnerWithThem() {
    double[] base = {0.5, 0.25, 0.75, 0.5, 0.125, 0.5};
    double[] instruct = {0.25, Double.NaN, 0.5, 0.5, 0.25, 0.75};
    CandidateOptions options =
        new CandidateOptions(
            categories(3), RoleCategories.PUBLISHED, "any", 0, EntropyKind.SINK_EXCLUDED);
    CandidateRanking ranking = new CandidateRanking(options);
    ranking.add(sinkExcluded(base), sinkExcluded(instruct));
    HeadDifference head = ranking.finish().candidates().getFirst().difference();
    assertEquals(2, head.pairCount());
    assertEquals((0.5 + 0.75) / 2, head.selfBaseMedian());
    assertEquals(((0.25 - 0.5) - 0 + (0.5 - 0.75) - 0.25) / 2, head.didMedian());
    double[] one = {0.25, Double.NaN, 0.5, 0.5, 0.25, Double.NaN};
    assertRefused(
        "Layer 0 has 1 pairs of prompts with SINK_EXCLUDED entropy",
        () -> new CandidateRanking(options).add(sinkExcluded(base), sinkExcluded(one)));
  }

  @Test
  void whatCannotBeRankedIsRefused() {
    Random random = SeededRandom.create();
    double[][] four = models(random, 4, 3)[0];
    LayerEntropies layer = layer(four, four, 0, 4);
    assertRefused(
        "There are 1 prompts in category self_referent and 1 in neutral",
        () -> new CandidateRanking(options(1, 0)));
    assertRefused(
        "There are 0 prompts in category self_referent",
        () -> new CandidateRanking(CandidateOptions.defaults(List.of("neutral"), "any")));
    assertRefused("top_k is 4294967295", () -> options(3, -1));
    assertRefused(
        "The number of heads differs between the models at layer 0 (base 4, instruct 2)",
        () -> new CandidateRanking(options(3, 0)).add(layer, layer(four, four, 0, 2)));
    assertRefused(
        "The layer differs between the models at layer 0 (base 0, instruct 1)",
        () ->
            new CandidateRanking(options(3, 0))
                .add(layer(four, four, 0, 2), layer(four, four, 1, 2)));
    assertRefused(
        "Layer 0 has 6 prompts but the options name 4 categories",
        () -> new CandidateRanking(options(2, 0)).add(layer, layer));
    CandidateOptions weighted =
        new CandidateOptions(
            categories(3), RoleCategories.PUBLISHED, "any", 0, EntropyKind.NORM_WEIGHTED);
    assertRefused(
        "there is no NORM_WEIGHTED table", () -> new CandidateRanking(weighted).add(layer, layer));
    CandidateRanking empty = new CandidateRanking(options(3, 0));
    assertThrows(IllegalStateException.class, empty::finish);
  }

  /** One layer of all heads, with a neutral prompt and one of a category that is not used. */
  private static LayerEntropies withTwoMore(double[][] self, double[][] neutral) {
    double[] nats =
        IntStream.range(0, self.length)
            .boxed()
            .flatMap(head -> Stream.of(self[head], neutral[head], new double[] {7, 9}))
            .flatMapToDouble(Arrays::stream)
            .toArray();
    return entropies(0, self.length, 2 * self[0].length + 2, nats);
  }

  /** One head; prompts whose entropy is NaN have no position left. */
  private static LayerEntropies sinkExcluded(double[] nats) {
    EntropyTable table =
        new EntropyTable(
            1,
            nats.length,
            nats,
            Optional.of(Arrays.stream(nats).mapToObj(h -> Double.isNaN(h) ? 0 : 3).toList()));
    EntropyTable other = new EntropyTable(1, nats.length, new double[nats.length]);
    return new LayerEntropies(
        0,
        1,
        Collections.nCopies(nats.length, 4),
        Map.of(
            EntropyKind.REFERENCE,
            other,
            EntropyKind.EXACT,
            other,
            EntropyKind.SINK_EXCLUDED,
            table));
  }

  private static void assertRefused(String sentence, Executable call) {
    RolescopeException refused = assertThrows(RolescopeException.class, call);
    assertEquals(FaultCode.INVALID_ARGUMENT, refused.code());
    assertTrue(refused.getMessage().contains(sentence), refused.getMessage());
  }
}
