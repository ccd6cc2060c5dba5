package org.rolescope.metrics.contrast;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.List;
import org.apache.commons.csv.CSVRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.rolescope.metrics.stats.Estimate;
import org.rolescope.metrics.stats.Interval;
import org.rolescope.metrics.stats.SampleMean;
import org.rolescope.metrics.stats.StudentT;
import org.rolescope.metrics.testing.PublishedStudy;
import org.rolescope.metrics.testing.Tolerance;

/** The published study's tables, recomputed from their own means and spreads. */
final class PublishedTablesTest {
  /** The study's RFC columns are doubles throughout. */
  private static final double RFC_RELATIVE = 1e-9;

  /** The study's RSI columns went through float32; their intervals are as good as that. */
  private static final double RSI_RELATIVE = 1e-6;

  @ParameterizedTest
  @ValueSource(strings = {"llama", "mistral", "qwen", "qwen_30prompts"})
  void intervalsAndDifferencesAreThePublishedOnes(String family) {
    for (CSVRecord row : table(family)) {
      SampleMean rfcBase = sample(row, "rfc", "base");
      SampleMean rfcInstruct = sample(row, "rfc", "instruct");
      checkRfc(row, "_base", rfcBase.confidence());
      checkRfc(row, "_instruct", rfcInstruct.confidence());
      Estimate difference = ReferenceDifference.of(rfcBase, rfcInstruct);
      Tolerance.PUBLISHED.check(number(row, "rfc_diff"), difference.value(), "rfc_diff");
      checkInterval(row, "rfc_diff_ci", "", difference.confidence(), RFC_RELATIVE);
      checkRsi(row);
    }
  }

  /** METRICS §8: one layer with a near-zero denominator makes the family's mean; not its median. */
  @Test
  void meanOfQwenIsItsFirstLayer() {
    checkQwen("qwen", 1.3600, 0.0475, -0.0013, -0.0012);
    checkQwen("qwen_30prompts", 4.0618, 0.1424, -0.0006, -0.0028);
  }

  @ParameterizedTest
  @ValueSource(strings = {"llama", "mistral", "qwen", "qwen_30prompts"})
  void publishedTablesMissFourHeadsOfLlamaAndMistral(String family) {
    for (CSVRecord row : table(family)) {
      assertEquals("28", row.get("n_heads_base"));
      assertEquals("28", row.get("n_heads_instruct"));
    }
  }

  private static void checkQwen(
      String table, double first, double mean, double median, double meanWithout) {
    double[] all = table(table).stream().mapToDouble(row -> number(row, "rfc_diff")).toArray();
    double[] rest = Arrays.copyOfRange(all, 1, all.length);
    assertEquals(first, all[0], 5e-5);
    assertEquals(mean, SeriesSummary.of(all).mean(), 5e-5);
    assertEquals(meanWithout, SeriesSummary.of(rest).mean(), 5e-5);
    assertEquals(median, SeriesSummary.of(all).median(), 5e-5);
  }

  private static void checkRfc(CSVRecord row, String model, Interval confidence) {
    checkInterval(row, "rfc_ci", model, confidence, RFC_RELATIVE);
  }

  private static void checkRsi(CSVRecord row) {
    SampleMean base = sample(row, "rsi", "base");
    SampleMean instruct = sample(row, "rsi", "instruct");
    checkInterval(row, "rsi_ci", "_base", base.confidence(), RSI_RELATIVE);
    checkInterval(row, "rsi_ci", "_instruct", instruct.confidence(), RSI_RELATIVE);
    Estimate difference = ReferenceDifference.of(base, instruct);
    double scale = Math.max(Math.abs(base.mean()), Math.abs(instruct.mean()));
    assertEquals(number(row, "rsi_diff"), difference.value(), RSI_RELATIVE * scale);
    checkInterval(row, "rsi_diff_ci", "", difference.confidence(), RSI_RELATIVE);
  }

  /** Relative to the larger end, because the other may lie at 0. */
  private static void checkInterval(
      CSVRecord row, String column, String model, Interval confidence, double relative) {
    double low = number(row, column + "_low" + model);
    double high = number(row, column + "_high" + model);
    double allowed = relative * Math.max(Math.abs(low), Math.abs(high));
    String what = "layer " + row.get("layer") + " " + column + model;
    assertEquals(low, confidence.low(), allowed, what + " low");
    assertEquals(high, confidence.high(), allowed, what + " high");
  }

  private static SampleMean sample(CSVRecord row, String index, String model) {
    double mean = number(row, index + "_mean_" + model);
    double deviation = number(row, index + "_std_" + model);
    int heads = Integer.parseInt(row.get("n_heads_" + model));
    Interval confidence = StudentT.interval(mean, deviation / Math.sqrt(heads), heads - 1);
    return new SampleMean(mean, deviation, confidence, heads);
  }

  private static double number(CSVRecord row, String column) {
    return Double.parseDouble(row.get(column));
  }

  private static List<CSVRecord> table(String family) {
    return PublishedStudy.table("comparison_" + family + ".csv");
  }
}
