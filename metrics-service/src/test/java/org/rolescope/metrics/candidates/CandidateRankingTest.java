package org.rolescope.metrics.candidates;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.rolescope.fault.FaultCode;
import org.rolescope.fault.RolescopeException;
import org.rolescope.metrics.entropy.EntropyKind;
import org.rolescope.metrics.entropy.EntropyTable;
import org.rolescope.metrics.entropy.LayerEntropies;
import org.rolescope.metrics.role.RoleCategories;
import org.rolescope.metrics.testing.Golden;
import org.rolescope.metrics.testing.SeededRandom;

final class CandidateRankingTest {
  private static final double CLOSE = 1e-9;

  /** 10 prompts of each category; entropies of the demo pair as a run measured them. */
  @Test
  void columnsOfTheDemoPairAreThoseOfPlainLoops() {
    JsonNode demo = Golden.read("demo_entropies.json");
    double[][][] self = {
      matrix(demo.at("/base/self_referent")), matrix(demo.at("/instruct/self_referent"))
    };
    double[][][] neutral = {matrix(demo.at("/base/neutral")), matrix(demo.at("/instruct/neutral"))};
    check(self, neutral, demo.get("heads").asInt());
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 3, 8, 29, 30})
  void columnsOfRandomEntropiesAreThoseOfPlainLoops(int pairs) {
    Random random = SeededRandom.create();
    check(models(random, 12, pairs), models(random, 12, pairs), 4);
  }

  @Test
  void equalHeadsAreInOrderOfLayerAndHead() {
    Random random = SeededRandom.create();
    double[][][] self = models(random, 6, 5);
    double[][][] neutral = models(random, 6, 5);
    for (double[][][] entropies : List.of(self, neutral)) {
      for (double[][] model : entropies) {
        model[4] = model[1];
        model[5] = model[1];
      }
    }
    List<Candidate> candidates = rank(self, neutral, 2).candidates();
    List<String> equal =
        candidates.stream()
            .filter(
                candidate ->
                    Math.floorMod(headNumber(candidate, 2) - 1, 3) == 0
                        || headNumber(candidate, 2) == 5)
            .map(candidate -> candidate.difference().layer() + "_" + candidate.difference().head())
            .toList();
    assertEquals(List.of("0_1", "2_0", "2_1"), equal);
  }

  @Test
  void fewerCandidatesKeepTheirRanksAndScores() {
    Random random = SeededRandom.create();
    double[][][] self = models(random, 12, 6);
    double[][][] neutral = models(random, 12, 6);
    RankedCandidates all = rank(self, neutral, 4);
    RankedCandidates three = ranking(self, neutral, 4, 3).finish();
    assertEquals(all.candidates().subList(0, 3), three.candidates());
    assertEquals(12, three.rankedCount());
    assertEquals(3, three.summary().totalCandidates());
    assertEquals(CandidateSummary.of(three.candidates()), three.summary());
    assertEquals(all, ranking(self, neutral, 4, 99).finish());
  }

  /** Layers come in any order; ranks do not depend on it. */
  @Test
  void theOrderOfLayersDoesNotMatter() {
    Random random = SeededRandom.create();
    double[][][] self = models(random, 8, 6);
    double[][][] neutral = models(random, 8, 6);
    CandidateRanking backwards = new CandidateRanking(options(6, 0));
    for (int layer = 3; layer >= 0; layer--) {
      backwards.add(layer(self[0], neutral[0], layer, 2), layer(self[1], neutral[1], layer, 2));
    }
    List<Candidate> forwards = rank(self, neutral, 2).candidates();
    List<Candidate> found = backwards.finish().candidates();
    for (int place = 0; place < found.size(); place++) {
      assertEquals(forwards.get(place).difference(), found.get(place).difference());
    }
  }

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

  /** Every column of every head against plain loops, and the summary against its columns. */
  private static void check(double[][][] self, double[][][] neutral, int headsALayer) {
    PlainCandidates expected = new PlainCandidates(self, neutral);
    RankedCandidates ranked = rank(self, neutral, headsALayer);
    assertEquals(self[0].length, ranked.candidates().size());
    assertEquals(self[0].length, ranked.rankedCount());
    for (int place = 0; place < ranked.candidates().size(); place++) {
      Candidate candidate = ranked.candidates().get(place);
      assertEquals(place + 1, candidate.rank());
      Map<String, Double> ours = columns(candidate);
      for (String column : expected.names()) {
        double plain = expected.column(column)[headNumber(candidate, headsALayer)];
        assertEquals(plain, ours.get(column), CLOSE, column);
      }
    }
  }

  private static Map<String, Double> columns(Candidate candidate) {
    HeadDifference head = candidate.difference();
    return Map.ofEntries(
        Map.entry("self_base_median", head.selfBaseMedian()),
        Map.entry("self_instruct_median", head.selfInstructMedian()),
        Map.entry("neutral_base_median", head.neutralBaseMedian()),
        Map.entry("neutral_instruct_median", head.neutralInstructMedian()),
        Map.entry("self_diff_median", head.selfDiffMedian()),
        Map.entry("neutral_diff_median", head.neutralDiffMedian()),
        Map.entry("did_median", head.didMedian()),
        Map.entry("log_ratio_median", head.logRatioMedian()),
        Map.entry("did_log_ratio_median", head.didLogRatioMedian()),
        Map.entry("self_consistency", head.selfConsistency()),
        Map.entry("did_consistency", head.didConsistency()),
        Map.entry("self_diff_iqr", head.selfDiffIqr()),
        Map.entry("did_iqr", head.didIqr()),
        Map.entry("log_ratio_iqr", head.logRatioIqr()),
        Map.entry("baseline_entropy", head.selfBaseMedian()),
        Map.entry("n_self", (double) head.pairCount()),
        Map.entry("n_neutral", (double) head.pairCount()),
        Map.entry("wilcoxon_p_value", head.wilcoxonPValue()),
        Map.entry("magnitude_score", candidate.scores().magnitude()),
        Map.entry("consistency_score", candidate.scores().consistency()),
        Map.entry("baseline_score", candidate.scores().baseline()),
        Map.entry("composite_score", candidate.scores().composite()),
        Map.entry("rank", (double) candidate.rank()),
        Map.entry("q_value", candidate.qValue()));
  }

  private static int headNumber(Candidate candidate, int headsALayer) {
    return candidate.difference().layer() * headsALayer + candidate.difference().head();
  }

  private static RankedCandidates rank(double[][][] self, double[][][] neutral, int headsALayer) {
    return ranking(self, neutral, headsALayer, 0).finish();
  }

  /** Entropies are [model][head over all layers][pair]. */
  private static CandidateRanking ranking(
      double[][][] self, double[][][] neutral, int headsALayer, int topK) {
    CandidateRanking ranking = new CandidateRanking(options(self[0][0].length, topK));
    for (int layer = 0; layer < self[0].length / headsALayer; layer++) {
      ranking.add(
          layer(self[0], neutral[0], layer, headsALayer),
          layer(self[1], neutral[1], layer, headsALayer));
    }
    return ranking;
  }

  private static LayerEntropies layer(
      double[][] self, double[][] neutral, int layer, int headsALayer) {
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

  private static LayerEntropies entropies(int layer, int heads, int prompts, double[] nats) {
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

  private static CandidateOptions options(int pairs, int topK) {
    return new CandidateOptions(
        categories(pairs), RoleCategories.PUBLISHED, "any", topK, EntropyKind.REFERENCE);
  }

  private static List<String> categories(int pairs) {
    return Stream.of("self_referent", "neutral")
        .flatMap(category -> Collections.nCopies(pairs, category).stream())
        .toList();
  }

  /** [model][head][pair], between 0.01 and 2 nats. */
  private static double[][][] models(Random random, int heads, int pairs) {
    double[][][] models = new double[2][heads][];
    for (double[][] model : models) {
      for (int head = 0; head < heads; head++) {
        model[head] = random.doubles(pairs, 0.01, 2).toArray();
      }
    }
    return models;
  }

  private static double[][] matrix(JsonNode rows) {
    double[][] matrix = new double[rows.size()][];
    for (int row = 0; row < matrix.length; row++) {
      matrix[row] = Golden.doubles(rows.get(row));
    }
    return matrix;
  }

  private static void assertRefused(String sentence, Executable call) {
    RolescopeException refused = assertThrows(RolescopeException.class, call);
    assertEquals(FaultCode.INVALID_ARGUMENT, refused.code());
    assertTrue(refused.getMessage().contains(sentence), refused.getMessage());
  }
}
