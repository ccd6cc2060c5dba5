package org.rolescope.metrics.candidates;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.rolescope.metrics.candidates.RankedEntropies.entropies;
import static org.rolescope.metrics.candidates.RankedEntropies.layer;
import static org.rolescope.metrics.candidates.RankedEntropies.models;
import static org.rolescope.metrics.candidates.RankedEntropies.options;
import static org.rolescope.metrics.candidates.RankedEntropies.rank;
import static org.rolescope.metrics.candidates.RankedEntropies.ranking;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.rolescope.metrics.testing.Golden;
import org.rolescope.metrics.testing.SeededRandom;

/** Ranks and columns of heads, against plain loops. */
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

  private static double[][] matrix(JsonNode rows) {
    double[][] matrix = new double[rows.size()][];
    for (int row = 0; row < matrix.length; row++) {
      matrix[row] = Golden.doubles(rows.get(row));
    }
    return matrix;
  }
}
