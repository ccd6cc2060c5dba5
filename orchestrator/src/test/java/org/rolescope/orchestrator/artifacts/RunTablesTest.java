package org.rolescope.orchestrator.artifacts;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;
import org.junit.jupiter.api.Test;
import org.rolescope.v1.CompareModelsResponse;
import org.rolescope.v1.ControlledIndices;
import org.rolescope.v1.EffectSize;
import org.rolescope.v1.EntropyKind;
import org.rolescope.v1.EntropyTable;
import org.rolescope.v1.Estimate;
import org.rolescope.v1.HeadIndex;
import org.rolescope.v1.HeadRoles;
import org.rolescope.v1.Interval;
import org.rolescope.v1.LayerContrast;
import org.rolescope.v1.LayerEntropies;
import org.rolescope.v1.LayerRoles;
import org.rolescope.v1.RunResults;
import org.rolescope.v1.SummarizeRolesResponse;

final class RunTablesTest {
  @Test
  void headsComeByModelLayerAndHead() throws IOException {
    List<CSVRecord> rows = rows(HeadTable.of(comparison()));
    assertEquals(
        List.of(
            "base 0 0",
            "base 0 1",
            "base 1 0",
            "base 1 1",
            "instruct 0 0",
            "instruct 0 1",
            "instruct 1 0",
            "instruct 1 1"),
        keys(rows, "model", "layer", "head"));
    CSVRecord row = rows.get(7);
    assertEquals("111.0", row.get("reference_self_nats"));
    assertEquals("112.0", row.get("reference_neutral_nats"));
    assertEquals("113.0", row.get("reference_confounder_nats"));
    assertEquals("114.0", row.get("reference_rfc"));
    assertEquals("115.0", row.get("reference_rsi"));
    assertEquals("1111.0", row.get("exact_self_nats"));
    assertEquals("1115.0", row.get("exact_rsi"));
    assertEquals("true", row.get("degenerate"));
    assertEquals("0.5", row.get("cohens_d"));
    assertEquals("0.25", row.get("hedges_g"));
    assertEquals("", rows.get(0).get("cohens_d"), "what was not measured is not 0");
  }

  @Test
  void aSingleModelHasTheSameColumnsWithoutADifference() throws IOException {
    RunResults single =
        RunResults.newBuilder()
            .setRoles(SummarizeRolesResponse.newBuilder().addLayers(layer(0, 0)))
            .build();
    assertEquals(
        List.of("single 0 0", "single 0 1"),
        keys(rows(HeadTable.of(single)), "model", "layer", "head"));
    List<String> columns = rows(LayerTable.of(single)).getFirst().getParser().getHeaderNames();
    assertEquals(
        List.of(
            "layer",
            "rfc_mean",
            "rfc_std",
            "rfc_ci_low",
            "rfc_ci_high",
            "rsi_mean",
            "rsi_std",
            "rsi_ci_low",
            "rsi_ci_high",
            "n_heads",
            "rfc_ratio_of_sums"),
        columns.subList(0, 11));
    assertEquals("unstable", columns.getLast());
    assertEquals(List.of(), columns.stream().filter(name -> name.contains("diff")).toList());
  }

  @Test
  void controlsComeByModelLayerAndKindWithTheDifferenceLast() throws IOException {
    List<CSVRecord> rows = rows(ControlTable.of(comparison()));
    assertEquals(
        List.of(
            "base 0 exact",
            "base 1 exact",
            "instruct 0 exact",
            "instruct 1 exact",
            "difference 0 exact",
            "difference 0 sink_excluded",
            "difference 1 exact",
            "difference 1 sink_excluded"),
        keys(rows, "model", "layer", "entropy"));
    assertEquals("1.5", rows.get(5).get("rfc"));
    assertEquals("1.25", rows.get(5).get("rfc_ci_low"));
    assertEquals("", rows.get(5).get("rsi"));
  }

  @Test
  void promptsHaveAColumnForEachKindThereIs() throws IOException {
    List<LayerEntropies> layers = List.of(entropies(0, true), entropies(1, false));
    Table<?> table =
        PromptTable.of(
            List.of(
                new PromptTable.Source(ModelPart.BASE, layers::stream),
                new PromptTable.Source(ModelPart.INSTRUCT, layers::stream)),
            List.of("self", "neutral", "neutral"));
    List<CSVRecord> rows = rows(table);
    assertEquals(
        List.of(
            "model",
            "layer",
            "head",
            "prompt",
            "category",
            "token_count",
            "entropy_reference_nats",
            "entropy_length_normalised"),
        rows.getFirst().getParser().getHeaderNames());
    assertEquals(2 * 2 * 2 * 3, rows.size());
    CSVRecord row = rows.get(4);
    assertEquals(
        "base 0 1 1 neutral 4",
        String.join(" ", keys(List.of(row), "model", "layer", "head", "prompt", "category"))
            + " "
            + row.get("token_count"));
    assertEquals("4.0", row.get("entropy_reference_nats"));
    assertEquals("40.0", row.get("entropy_length_normalised"));
    assertEquals("", rows.get(6).get("entropy_length_normalised"), "layer 1 has no such table");
  }

  private static RunResults comparison() {
    CompareModelsResponse.Builder comparison = CompareModelsResponse.newBuilder();
    for (int layer = 0; layer < 2; layer++) {
      comparison.addLayers(
          LayerContrast.newBuilder()
              .setLayer(layer)
              .setBase(layer(layer, 0))
              .setInstruct(layer(layer, 100))
              .addControls(control(EntropyKind.ENTROPY_KIND_EXACT, 1))
              .addControls(control(EntropyKind.ENTROPY_KIND_SINK_EXCLUDED, 1.5)));
    }
    return RunResults.newBuilder().setComparison(comparison).build();
  }

  private static LayerRoles layer(int layer, int offset) {
    LayerRoles.Builder roles =
        LayerRoles.newBuilder()
            .setLayer(layer)
            .addControls(control(EntropyKind.ENTROPY_KIND_EXACT, 0.5));
    for (int head = 0; head < 2; head++) {
      HeadRoles.Builder builder =
          HeadRoles.newBuilder()
              .setHead(head)
              .setReference(index(offset + 10 * head))
              .setExact(index(1000 + offset + 10 * head))
              .setDegenerate(head == 1);
      if (head == 1) {
        builder.setSelfAgainstNeutral(EffectSize.newBuilder().setCohensD(0.5).setHedgesG(0.25));
      }
      roles.addHeads(builder);
    }
    return roles.build();
  }

  private static HeadIndex index(int offset) {
    return HeadIndex.newBuilder()
        .setSelfNats(offset + 1)
        .setNeutralNats(offset + 2)
        .setConfounderNats(offset + 3)
        .setRfc(offset + 4)
        .setRsi(offset + 5)
        .build();
  }

  private static ControlledIndices control(EntropyKind kind, double value) {
    Interval around = Interval.newBuilder().setLow(value - 0.25).setHigh(value + 0.25).build();
    return ControlledIndices.newBuilder()
        .setKind(kind)
        .setRfc(Estimate.newBuilder().setValue(value).setConfidence(around))
        .setRsi(Estimate.newBuilder().setValue(Double.NaN).setConfidence(around))
        .build();
  }

  /** Two heads and three prompts of 3, 4 and 5 tokens; entropies count up. */
  private static LayerEntropies entropies(int layer, boolean normalised) {
    LayerEntropies.Builder entropies =
        LayerEntropies.newBuilder()
            .setLayer(layer)
            .setHeadCount(2)
            .addAllQueryCounts(List.of(3, 4, 5))
            .addTables(table(EntropyKind.ENTROPY_KIND_REFERENCE, 1));
    if (normalised) {
      entropies.addTables(table(EntropyKind.ENTROPY_KIND_LENGTH_NORMALISED, 10));
    }
    return entropies.build();
  }

  private static EntropyTable table(EntropyKind kind, double factor) {
    return EntropyTable.newBuilder()
        .setKind(kind)
        .addAllNats(IntStream.range(0, 6).mapToObj(cell -> cell * factor).toList())
        .build();
  }

  private static List<String> keys(List<CSVRecord> rows, String... columns) {
    return rows.stream()
        .map(row -> String.join(" ", Stream.of(columns).map(row::get).toList()))
        .toList();
  }

  private static List<CSVRecord> rows(Table<?> table) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    table.write(TableFormat.CSV, out);
    CSVFormat format = CSVFormat.DEFAULT.builder().setHeader().setSkipHeaderRecord(true).get();
    try (CSVParser parser = CSVParser.parse(out.toString(StandardCharsets.UTF_8), format)) {
      return new ArrayList<>(parser.getRecords());
    }
  }
}
