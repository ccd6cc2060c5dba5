package org.rolescope.metrics.candidates;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Arrays;
import java.util.List;
import org.apache.commons.csv.CSVRecord;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.rolescope.metrics.testing.Golden;
import org.rolescope.metrics.testing.PublishedStudy;

/** The published summaries, recomputed from the published candidates. */
final class PublishedCandidatesTest {
  /** Medians of entropies and their scores went through float32 before they were printed. */
  private static final double FLOAT32 = 2e-8;

  private static final double RELATIVE = 1e-9;

  @ParameterizedTest
  @ValueSource(strings = {"llama", "mistral"})
  void summaryIsThePublishedOne(String family) {
    List<CSVRecord> rows = PublishedStudy.table("patching_candidates_" + family + ".csv");
    CandidateSummary ours =
        CandidateSummary.of(rows.stream().map(PublishedCandidatesTest::candidate).toList());
    JsonNode published = PublishedStudy.json("patching_summary_" + family + ".json");
    assertEquals(published.get("total_candidates").asInt(), ours.totalCandidates());
    assertEquals(published.get("mean_did_median").asDouble(), ours.meanDidMedian(), FLOAT32);
    assertEquals(published.get("std_did_median").asDouble(), ours.stdDidMedian(), FLOAT32);
    close(published.get("mean_log_ratio_median"), ours.meanLogRatioMedian());
    close(published.get("std_log_ratio_median"), ours.stdLogRatioMedian());
    close(published.get("mean_consistency"), ours.meanConsistency());
    assertEquals(
        published.get("mean_composite_score").asDouble(), ours.meanCompositeScore(), 5 * FLOAT32);
    assertEquals(
        Arrays.stream(Golden.integers(published.get("layers_with_candidates"))).boxed().toList(),
        ours.layersWithCandidates());
    assertEquals(published.get("top_layer").asInt(), ours.topLayer());
    assertEquals(published.get("top_head").asInt(), ours.topHead());
  }

  @ParameterizedTest
  @ValueSource(strings = {"llama", "mistral"})
  void compositeScoresAreSums(String family) {
    for (CSVRecord row : PublishedStudy.table("patching_candidates_" + family + ".csv")) {
      assertEquals(
          number(row, "composite_score"), candidate(row).scores().composite(), 5 * FLOAT32);
      assertEquals(number(row, "baseline_entropy"), number(row, "self_base_median"));
    }
  }

  private static void close(JsonNode published, double ours) {
    assertEquals(published.asDouble(), ours, RELATIVE * Math.abs(published.asDouble()));
  }

  private static Candidate candidate(CSVRecord row) {
    HeadDifference difference =
        new HeadDifference(
            Integer.parseInt(row.get("layer")),
            Integer.parseInt(row.get("head")),
            number(row, "self_base_median"),
            number(row, "self_instruct_median"),
            number(row, "neutral_base_median"),
            number(row, "neutral_instruct_median"),
            number(row, "self_diff_median"),
            number(row, "neutral_diff_median"),
            number(row, "did_median"),
            number(row, "log_ratio_median"),
            number(row, "did_log_ratio_median"),
            number(row, "self_consistency"),
            number(row, "did_consistency"),
            number(row, "self_diff_iqr"),
            number(row, "did_iqr"),
            number(row, "log_ratio_iqr"),
            Integer.parseInt(row.get("n_self")),
            Double.NaN);
    CandidateScores scores =
        new CandidateScores(
            number(row, "magnitude_score"),
            number(row, "consistency_score"),
            number(row, "baseline_score"));
    return new Candidate(difference, scores, Integer.parseInt(row.get("rank")), Double.NaN);
  }

  private static double number(CSVRecord row, String column) {
    return Double.parseDouble(row.get(column));
  }
}
