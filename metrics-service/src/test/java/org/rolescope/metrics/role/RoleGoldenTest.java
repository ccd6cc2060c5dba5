package org.rolescope.metrics.role;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.BitSet;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.rolescope.metrics.entropy.EntropyKind;
import org.rolescope.metrics.entropy.LayerEntropies;
import org.rolescope.metrics.stats.Estimate;
import org.rolescope.metrics.stats.Interval;
import org.rolescope.metrics.testing.Golden;
import org.rolescope.metrics.testing.Tolerance;

final class RoleGoldenTest {
  @ParameterizedTest
  @CsvSource({
    "0, base",
    "0, instruct",
    "1, base",
    "1, instruct",
    "2, base",
    "2, instruct",
    "3, base",
    "3, instruct"
  })
  void everyEstimatorIsThatOfNumPy(int layer, String model) {
    LayerEntropies entropies = RoleGolden.layer(layer, model);
    LayerRoles roles = new RoleEstimator(RoleGolden.options()).estimate(entropies);
    for (RoleIndex index : RoleIndex.values()) {
      JsonNode golden = golden(layer, model).get(index.name().toLowerCase(Locale.ROOT));
      checkHeads(golden, roles, index);
      checkReference(golden, roles.value(index));
      checkDefault(golden, roles.value(index), entropies, index);
    }
  }

  @ParameterizedTest
  @CsvSource({"2, base, 0", "3, base, 1", "3, instruct, 1"})
  void headWithoutNeutralEntropyIsDegenerate(int layer, String model, int expected) {
    LayerRoles roles =
        new RoleEstimator(RoleGolden.options()).estimate(RoleGolden.layer(layer, model));
    BitSet first = new BitSet();
    first.set(0, expected);
    assertEquals(first, roles.degenerateHeads());
  }

  private static void checkHeads(JsonNode golden, LayerRoles roles, RoleIndex index) {
    Tolerance.DOUBLE.check(
        Golden.doubles(golden.get("heads_reference")), roles.referenceByHead(index), "reference");
    Tolerance.DOUBLE.check(
        Golden.doubles(golden.get("heads_exact")),
        roles.heads().stream().mapToDouble(head -> head.exact().value(index)).toArray(),
        "exact");
  }

  private static void checkReference(JsonNode golden, LayerIndex index) {
    Tolerance.DOUBLE.check(golden.get("mean").asDouble(), index.reference().mean(), "mean");
    Tolerance.DOUBLE.check(
        golden.get("std").asDouble(), index.reference().standardDeviation(), "std");
    checkInterval(golden, index.reference().confidence());
    JsonNode promptIndex = golden.get("prompt_index");
    Tolerance.DOUBLE.check(
        promptIndex.get("value").asDouble(), index.referencePromptIndex().value(), "prompt index");
    checkInterval(promptIndex, index.referencePromptIndex().confidence());
  }

  private static void checkDefault(
      JsonNode golden, LayerIndex estimated, LayerEntropies entropies, RoleIndex index) {
    double ratioOfSums = golden.get("ratio_of_sums").asDouble();
    Tolerance.DOUBLE.check(ratioOfSums, estimated.ratioOfSums().value(), "ratio of sums");
    Tolerance.DOUBLE.check(
        golden.get("head_median").asDouble(), estimated.headMedian(), "head median");
    LayerTotals totals = new LayerTotals(entropies, EntropyKind.EXACT);
    Estimate resampled =
        BootstrapInterval.of(
                index,
                List.of(prompts -> totals.value(index, prompts)),
                RolePrompts.of(RoleGolden.options()),
                RoleGolden.resamples())
            .getFirst();
    Tolerance.STUDENT_T.check(
        Golden.doubles(golden.get("ratio_interval")),
        new double[] {resampled.confidence().low(), resampled.confidence().high()},
        "bootstrap interval");
  }

  private static void checkInterval(JsonNode golden, Interval confidence) {
    Tolerance.STUDENT_T.check(golden.get("low").asDouble(), confidence.low(), "low");
    Tolerance.STUDENT_T.check(golden.get("high").asDouble(), confidence.high(), "high");
  }

  private static JsonNode golden(int layer, String model) {
    return RoleGolden.ROOT.get("layers").get(layer).get(model);
  }
}
