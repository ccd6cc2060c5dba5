package org.rolescope.orchestrator.artifacts;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;
import org.junit.jupiter.api.Test;
import org.rolescope.v1.Candidate;
import org.rolescope.v1.CandidateOptions;
import org.rolescope.v1.CandidateSummary;
import org.rolescope.v1.EntropyKind;
import org.rolescope.v1.RankCandidatesResponse;
import org.rolescope.v1.RoleCategories;

final class CandidateFilesTest {
  private static final Path PUBLISHED = Path.of("../examples/published");

  @Test
  void publishedColumnsComeFirst() throws IOException {
    List<String> published =
        List.of(
            Files.readAllLines(PUBLISHED.resolve("patching_candidates_llama.csv"))
                .getFirst()
                .split(","));
    List<String> expected = new ArrayList<>(published);
    expected.addAll(List.of("wilcoxon_p_value", "q_value"));
    assertEquals(expected, List.of(table().lines().findFirst().orElseThrow().split(",")));
  }

  @Test
  void cellsHoldWhatTheirHeadingSays() throws IOException {
    CSVFormat format = CSVFormat.DEFAULT.builder().setHeader().setSkipHeaderRecord(true).get();
    try (CSVParser parser = CSVParser.parse(table(), format)) {
      CSVRecord row = parser.iterator().next();
      assertEquals("5", row.get("layer"));
      assertEquals("8", row.get("head"));
      assertEquals("a, b", row.get("model_family"));
      assertEquals("5_8", row.get("layer_head"));
      assertEquals(Double.toString(0.1 + 0.2), row.get("did_median"));
      assertEquals("1.0E-12", row.get("self_base_median"));
      assertEquals("30", row.get("n_self"));
      assertEquals("1", row.get("rank"));
      assertEquals("", row.get("wilcoxon_p_value"), "NaN is an empty cell");
      assertEquals("0.5", row.get("q_value"));
    }
  }

  @Test
  void publishedKeysComeFirst() throws IOException {
    List<String> published =
        keys(Files.readAllBytes(PUBLISHED.resolve("patching_summary_llama.json")));
    List<String> ours = keys(summary());
    assertEquals(published, ours.subList(0, published.size()));
    JsonNode json = new ObjectMapper().readTree(summary());
    assertEquals(0.1 + 0.2, json.get("mean_did_median").asDouble());
    assertTrue(json.get("std_did_median").isNull());
    assertEquals("[2,5]", json.get("layers_with_candidates").toString());
    assertEquals("robust_median_log_ratio_did", json.get("methodology").asText());
    assertEquals("sink_excluded", json.get("entropy").asText());
    assertEquals(1024, json.get("heads_ranked").asInt());
    assertEquals("me", json.get("self_category").asText());
  }

  private static List<String> keys(byte[] json) throws IOException {
    List<String> keys = new ArrayList<>();
    new ObjectMapper().readTree(json).fieldNames().forEachRemaining(keys::add);
    return keys;
  }

  private static byte[] summary() throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    CandidateSummaryJson.write(out, ranking());
    return out.toByteArray();
  }

  private static String table() throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    CandidateTable.write(out, ranking());
    return out.toString(StandardCharsets.UTF_8);
  }

  private static RankCandidatesResponse ranking() {
    return RankCandidatesResponse.newBuilder()
        .setOptions(
            CandidateOptions.newBuilder()
                .setModelFamily("a, b")
                .setRoles(RoleCategories.newBuilder().setSelf("me").setNeutral("it"))
                .setEntropy(EntropyKind.ENTROPY_KIND_SINK_EXCLUDED))
        .addCandidates(
            Candidate.newBuilder()
                .setLayer(5)
                .setHead(8)
                .setSelfBaseMedian(1e-12)
                .setDidMedian(0.1 + 0.2)
                .setNSelf(30)
                .setRank(1)
                .setWilcoxonPValue(Double.NaN)
                .setQValue(0.5))
        .setSummary(
            CandidateSummary.newBuilder()
                .setMeanDidMedian(0.1 + 0.2)
                .setStdDidMedian(Double.NaN)
                .addAllLayersWithCandidates(List.of(2, 5)))
        .setRankedCount(1024)
        .build();
  }
}
