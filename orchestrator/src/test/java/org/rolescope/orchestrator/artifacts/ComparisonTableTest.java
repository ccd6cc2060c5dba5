package org.rolescope.orchestrator.artifacts;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;
import org.junit.jupiter.api.Test;
import org.rolescope.orchestrator.testing.FakeRoles;
import org.rolescope.v1.CompareModelsResponse;
import org.rolescope.v1.EntropyTable;
import org.rolescope.v1.LayerEntropies;
import org.rolescope.v1.LayerPair;

final class ComparisonTableTest {
  @Test
  void publishedColumnsComeFirst() throws IOException {
    List<String> published = published();
    List<String> header = Arrays.asList(table().lines().findFirst().orElseThrow().split(","));
    assertEquals(published, header.subList(0, published.size()));
    assertEquals(header.size(), new HashSet<>(header).size());
  }

  @Test
  void ourColumnsCarryEveryOtherNumber() throws IOException {
    List<String> header = Arrays.asList(table().lines().findFirst().orElseThrow().split(","));
    assertEquals(
        List.of(
            "rfc_ratio_of_sums_base",
            "rfc_ratio_of_sums_ci_low_base",
            "rfc_ratio_of_sums_ci_high_base",
            "rfc_head_median_base",
            "rfc_prompt_index_base",
            "rfc_prompt_index_ci_low_base",
            "rfc_prompt_index_ci_high_base"),
        header.subList(published().size(), published().size() + 7));
    assertEquals(
        List.of(
            "rsi_diff_reference_significant",
            "rsi_diff_ratio_of_sums",
            "rsi_diff_ratio_of_sums_ci_low",
            "rsi_diff_ratio_of_sums_ci_high",
            "rsi_diff_head_median",
            "rsi_diff_p_value",
            "rsi_diff_q_value",
            "rsi_diff_significant",
            "cohens_d_base",
            "hedges_g_base",
            "cohens_d_instruct",
            "hedges_g_instruct",
            "degenerate_heads_base",
            "degenerate_heads_instruct",
            "unstable_base",
            "unstable_instruct",
            "unstable"),
        header.subList(header.size() - 17, header.size()));
  }

  @Test
  void cellsHoldWhatTheirHeadingSays() throws IOException {
    CSVFormat format = CSVFormat.DEFAULT.builder().setHeader().setSkipHeaderRecord(true).get();
    try (CSVParser parser = CSVParser.parse(table(), format)) {
      CSVRecord row = parser.iterator().next();
      double base = 0.75 / 3;
      double instruct = 1.5 / 3;
      assertEquals("1", row.get("layer"));
      assertEquals(Double.toString(base), row.get("rfc_mean_base"));
      assertEquals(Double.toString(1.5 / 7), row.get("rsi_mean_instruct"));
      assertEquals("", row.get("rfc_std_base"), "NaN is an empty cell");
      assertEquals(Double.toString(base - 0.125), row.get("rfc_ci_low_base"));
      assertEquals("2", row.get("n_heads_base"));
      assertEquals(Double.toString(instruct - base), row.get("rfc_diff"));
      assertEquals(Double.toString(instruct - base + 0.125), row.get("rfc_diff_ci_high"));
      assertEquals(Double.toString(base + 1), row.get("rfc_prompt_index_base"));
      assertEquals(Double.toString(instruct + 2), row.get("rfc_ratio_of_sums_instruct"));
      assertEquals(Double.toString(instruct + 3), row.get("rfc_head_median_instruct"));
      assertEquals("0.25", row.get("rfc_diff_p_value"));
      assertEquals("0.5", row.get("rfc_diff_q_value"));
      assertEquals("true", row.get("rfc_diff_reference_significant"));
      assertEquals("false", row.get("rfc_diff_significant"));
      assertEquals("", row.get("cohens_d_base"), "what was not measured is not 0");
      assertEquals("1", row.get("degenerate_heads_instruct"));
      assertEquals("true", row.get("unstable"));
    }
  }

  private static String table() throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    LayerPair pair =
        LayerPair.newBuilder().setBase(entropies(0.75)).setInstruct(entropies(1.5)).build();
    ComparisonTable.write(
        out, CompareModelsResponse.newBuilder().addLayers(FakeRoles.contrast(pair)).build());
    return out.toString(StandardCharsets.UTF_8);
  }

  private static LayerEntropies entropies(double nats) {
    return LayerEntropies.newBuilder()
        .setLayer(1)
        .setHeadCount(2)
        .addTables(EntropyTable.newBuilder().addNats(nats).addNats(nats))
        .build();
  }

  private static List<String> published() throws IOException {
    String resource = "/org/rolescope/orchestrator/published_comparison_header.csv";
    try (InputStream in = ComparisonTableTest.class.getResourceAsStream(resource)) {
      return List.of(new String(in.readAllBytes(), StandardCharsets.UTF_8).strip().split(","));
    }
  }
}
