package org.rolescope.metrics.contrast;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;
import java.util.stream.StreamSupport;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.rolescope.metrics.entropy.EntropyKind;
import org.rolescope.metrics.role.BootstrapInterval;
import org.rolescope.metrics.role.LayerTotals;
import org.rolescope.metrics.role.RoleGolden;
import org.rolescope.metrics.role.RoleIndex;
import org.rolescope.metrics.role.RolePrompts;
import org.rolescope.metrics.stats.BenjaminiHochberg;
import org.rolescope.metrics.stats.Estimate;
import org.rolescope.metrics.testing.Golden;
import org.rolescope.metrics.testing.Tolerance;

final class ContrastGoldenTest {
  private static final int LAYERS = RoleGolden.ROOT.get("layers").size();
  private static final RolePrompts OBSERVED = RolePrompts.of(RoleGolden.options());

  @ParameterizedTest
  @EnumSource
  void differencesAreThoseOfPandas(RoleIndex index) {
    ModelContrast contrast = contrast();
    for (int layer = 0; layer < LAYERS; layer++) {
      JsonNode golden = RoleGolden.ROOT.get("layers").get(layer).get(name(index));
      IndexDifference difference = contrast.layers().get(layer).difference(index);
      Estimate reference = difference.reference();
      Tolerance.DOUBLE.check(golden.get("reference").asDouble(), reference.value(), "reference");
      Tolerance.STUDENT_T.check(
          golden.get("reference_low").asDouble(), reference.confidence().low(), "low");
      Tolerance.STUDENT_T.check(
          golden.get("reference_high").asDouble(), reference.confidence().high(), "high");
      Tolerance.DOUBLE.check(
          golden.get("ratio_of_sums").asDouble(), difference.ratioOfSums().value(), "ratio");
    }
  }

  @ParameterizedTest
  @EnumSource
  void resamplingArithmeticIsThatOfNumPy(RoleIndex index) {
    double[] pValues = new double[LAYERS];
    for (int layer = 0; layer < LAYERS; layer++) {
      JsonNode golden = RoleGolden.ROOT.get("layers").get(layer).get(name(index));
      Estimate resampled =
          BootstrapInterval.of(
                  index, List.of(statistic(index, layer)), OBSERVED, RoleGolden.resamples())
              .getFirst();
      Tolerance.STUDENT_T.check(
          Golden.doubles(golden.get("ratio_interval")),
          new double[] {resampled.confidence().low(), resampled.confidence().high()},
          "bootstrap interval");
      StudentisedDifference studentised =
          new StudentisedDifference(totals(layer, "base"), totals(layer, "instruct"));
      Tolerance.DOUBLE.check(
          golden.get("studentised").asDouble(), studentised.value(index, OBSERVED), "studentised");
      pValues[layer] =
          PermutationTest.pValue(
              labelled -> studentised.value(index, labelled), OBSERVED, swaps(index));
      assertEquals(golden.get("p_value").asDouble(), pValues[layer]);
    }
    Tolerance.DOUBLE.check(
        Golden.doubles(RoleGolden.ROOT.get(name(index)).get("q_values")),
        BenjaminiHochberg.qValues(pValues),
        "q");
  }

  @ParameterizedTest
  @EnumSource
  void seriesAreSummarisedAsByNumPy(RoleIndex index) {
    ContrastSummary summary = index == RoleIndex.RFC ? contrast().rfc() : contrast().rsi();
    JsonNode golden = RoleGolden.ROOT.get(name(index));
    check(golden.get("reference"), summary.reference());
    check(golden.get("ratio_of_sums"), summary.ratioOfSums());
  }

  private static void check(JsonNode golden, SeriesSummary summary) {
    Tolerance.DOUBLE.check(golden.get("mean").asDouble(), summary.mean(), "mean");
    Tolerance.DOUBLE.check(golden.get("median").asDouble(), summary.median(), "median");
    Tolerance.DOUBLE.check(golden.get("std").asDouble(), summary.standardDeviation(), "std");
    Tolerance.DOUBLE.check(golden.get("min").asDouble(), summary.min(), "min");
    Tolerance.DOUBLE.check(golden.get("max").asDouble(), summary.max(), "max");
    assertEquals(golden.get("above").asInt(), summary.above());
    assertEquals(golden.get("below").asInt(), summary.below());
    assertEquals(golden.get("within").asInt(), summary.within());
  }

  private static ModelContrast contrast() {
    ModelComparison comparison = new ModelComparison(RoleGolden.options());
    for (int layer = 0; layer < LAYERS; layer++) {
      comparison.add(RoleGolden.layer(layer, "base"), RoleGolden.layer(layer, "instruct"));
    }
    return comparison.finish();
  }

  private static ToDoubleFunction<RolePrompts> statistic(RoleIndex index, int layer) {
    LayerTotals base = totals(layer, "base");
    LayerTotals instruct = totals(layer, "instruct");
    return prompts -> instruct.value(index, prompts) - base.value(index, prompts);
  }

  private static LayerTotals totals(int layer, String model) {
    return new LayerTotals(RoleGolden.layer(layer, model), EntropyKind.EXACT);
  }

  private static List<RolePrompts> swaps(RoleIndex index) {
    return StreamSupport.stream(RoleGolden.ROOT.get("swaps").spliterator(), false)
        .map(coins -> LabelSwaps.swap(index, OBSERVED, Golden.booleans(coins)))
        .toList();
  }

  private static String name(RoleIndex index) {
    return index.name().toLowerCase(Locale.ROOT);
  }
}
