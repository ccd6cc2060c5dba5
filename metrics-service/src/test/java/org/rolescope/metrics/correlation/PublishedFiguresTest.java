package org.rolescope.metrics.correlation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.rolescope.metrics.contrast.SeriesSummary;
import org.rolescope.metrics.testing.PublishedStudy;

/** METRICS §4 and §8 from the published tables: no digit may drift. */
final class PublishedFiguresTest {
  private static final double RELATIVE = 1e-9;
  private static final JsonNode PUBLISHED =
      PublishedStudy.json("cross_model_analysis_results.json");
  private static final CrossModelAnalysis OURS =
      CrossModelAnalysis.of(
          Stream.of("llama", "mistral", "qwen").map(PublishedFiguresTest::series).toList());

  @ParameterizedTest
  @ValueSource(strings = {"llama", "mistral", "qwen"})
  void summariesAreThePublishedOnes(String family) {
    JsonNode published = PUBLISHED.at("/summary_stats/" + family);
    SeriesDescription ours = description(family);
    SeriesSummary summary = ours.summary();
    close(published.get("mean"), summary.mean());
    close(published.get("std"), summary.standardDeviation());
    close(published.get("min"), summary.min());
    close(published.get("max"), summary.max());
    assertEquals(published.get("positive_count").asInt(), ours.positiveCount());
    assertEquals(published.get("negative_count").asInt(), ours.negativeCount());
    assertEquals(published.get("significant_positive").asInt(), summary.above());
    assertEquals(published.get("significant_negative").asInt(), summary.below());
    assertEquals(published.get("near_zero").asInt(), summary.within());
    assertEquals(published.get("total_layers").asInt(), ours.series().layerCount());
    assertEquals(10, published.size());
  }

  @Test
  void correlationIsThePublishedOne() {
    JsonNode published = PUBLISHED.at("/correlations/llama_vs_mistral");
    SeriesCorrelation ours = OURS.correlations().getFirst();
    assertEquals("llama_vs_mistral", ours.first() + "_vs_" + ours.second());
    close(published.get("pearson_r"), ours.pearson().r());
    close(published.get("pearson_p"), ours.pearson().pValue());
    close(published.get("spearman_r"), ours.spearman().r());
    close(published.get("spearman_p"), ours.spearman().pValue());
    assertEquals(published.get("layers_compared").asInt(), ours.layersCompared());
    assertFalse(ours.interpolated());
  }

  /** The figures as METRICS §4 gives them, to every digit there. */
  @ParameterizedTest
  @CsvSource({
    "llama, -0.0232687, 68.75",
    "mistral, -0.0934173, 81.25",
    "qwen, 0.0474541, 28.57",
  })
  void figuresOfTheDefinitionHold(String family, double mean, double percentBelow) {
    SeriesDescription ours = description(family);
    assertEquals(mean, ours.summary().mean(), 5e-8);
    double below = 100.0 * ours.summary().below() / ours.series().layerCount();
    assertEquals(percentBelow, below, 5e-3);
  }

  @Test
  void correlationOfTheDefinitionHolds() {
    SeriesCorrelation ours = OURS.correlations().getFirst();
    assertEquals(0.397798, ours.pearson().r(), 5e-7);
    assertEquals(0.0241508, ours.pearson().pValue(), 5e-8);
    assertEquals(0.457111, ours.spearman().r(), 5e-7);
    assertEquals(0.00853354, ours.spearman().pValue(), 5e-9);
  }

  @Test
  void pairsTheStudyLeavesOutAreInterpolated() {
    for (SeriesCorrelation pair : OURS.correlations().subList(1, 3)) {
      assertEquals("qwen", pair.second());
      assertEquals(28, pair.layersCompared());
      assertTrue(pair.interpolated());
    }
  }

  @Test
  void theMeanOfQwenIsOneLayer() {
    assertFalse(description("llama").restsOnOneLayer());
    assertFalse(description("mistral").restsOnOneLayer());
    assertEquals(
        "qwen: the mean over 28 layers is +0.0475, the median -0.0013. Layer 0, at +1.3600, moves"
            + " the mean the most: without it the mean is -0.0012 and the median -0.0018. The mean"
            + " owes its sign to that one layer, so it says nothing of the others; read the median.",
        OURS.verdict().lines().toList().get(2));
    String later = CrossModelAnalysis.of(List.of(series("qwen_30prompts"))).verdict();
    assertEquals(
        "qwen_30prompts: the mean over 28 layers is +0.1424, the median -0.0006. Layer 0, at"
            + " +4.0618, moves the mean the most: without it the mean is -0.0028 and the median"
            + " -0.0010. The mean owes its sign to that one layer, so it says nothing of the"
            + " others; read the median.",
        later);
  }

  private static void close(JsonNode published, double ours) {
    assertEquals(published.asDouble(), ours, RELATIVE * Math.abs(published.asDouble()));
  }

  private static SeriesDescription description(String family) {
    return OURS.series().stream()
        .filter(each -> each.series().name().equals(family))
        .findFirst()
        .orElseThrow();
  }

  private static LayerSeries series(String family) {
    return new LayerSeries(
        family, PublishedStudy.column("comparison_" + family + ".csv", "rfc_diff"));
  }
}
