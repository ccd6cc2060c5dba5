package org.rolescope.metrics.contrast;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.rolescope.metrics.role.HeadIndex;
import org.rolescope.metrics.role.HeadRoles;
import org.rolescope.metrics.role.LayerIndex;
import org.rolescope.metrics.role.LayerRoles;
import org.rolescope.metrics.role.RoleOptions;
import org.rolescope.metrics.stats.EffectSize;
import org.rolescope.metrics.stats.Estimate;
import org.rolescope.metrics.stats.Interval;
import org.rolescope.metrics.stats.SampleMean;
import org.rolescope.metrics.testing.Entropies;

final class VerdictTest {
  private static final RoleOptions OPTIONS = RoleOptions.defaults(Entropies.categories(1), 1);
  private static final IndexDifference NOTHING = difference(0.001, 0.001, 0.7);

  @Test
  void countsChangesAndNamesTheStrongest() {
    assertEquals(
        "RFC from base to instruct by the default estimator: of 4 layers, 2 rise and 1 falls at q < 0.05."
            + " The largest significant change is -0.0800 in layer 2 (95% CI -0.0900 to -0.0700, q = 0.0100)."
            + " The reference estimator agrees in sign and significance in every layer."
            + "\nRSI from base to instruct by the default estimator: no layer of 4 changes at q < 0.05."
            + " The largest change is +0.0010 in layer 0 (95% CI -0.0090 to +0.0110, q = 0.7000)."
            + " The reference estimator agrees in sign and significance in every layer.",
        verdict(
            difference(0.04, 0.03, 0.02),
            difference(0.05, 0.05, 0.03),
            difference(-0.08, -0.09, 0.01),
            NOTHING));
  }

  @Test
  void namesWhereTheReferenceDisagrees() {
    String verdict =
        verdict(
            difference(0.04, -0.03, 0.02),
            difference(0.05, 0.005, 0.01),
            difference(0.02, 0.03, 0.4),
            difference(0.002, -0.002, 0.9));
    assertTrue(
        verdict.contains(
            "The reference estimator has the opposite sign in layer 0 and judges significance otherwise in layers 1 and 2."),
        verdict);
  }

  @Test
  void saysWhichLayersAreUnstableAndWhy() {
    List<LayerContrast> layers =
        List.of(
            layer(0, NOTHING, 2, true), layer(1, NOTHING, 0, false), layer(2, NOTHING, 3, true));
    String verdict = Verdict.of(layers, OPTIONS);
    assertTrue(
        verdict.endsWith(
            "Unstable: layer 0 (2 of 3 heads), layer 2 (3 of 3 heads). There heads with a neutral entropy below 0.02 nats move a reference value by more than 0.05, so do not read the reference values. Where that is every head, the default value means nothing either."),
        verdict);
  }

  @Test
  void saysWhereThereIsNoEstimate() {
    IndexDifference undefined =
        new IndexDifference(
            new Estimate(0, new Interval(-1, 1)),
            new Estimate(Double.NaN, Interval.UNDEFINED),
            0,
            Double.NaN,
            Double.NaN,
            false);
    String verdict = verdict(undefined, NOTHING);
    assertTrue(
        verdict.contains("The largest change is +0.0010 in layer 1")
            && verdict.contains(
                "There is no default estimate in layer 0, because neutral prompts have no entropy there.")
            && verdict.contains("in every layer where both are defined."),
        verdict);
  }

  @Test
  void languageOfTheMachineDoesNotMatter() {
    Locale before = Locale.getDefault();
    try {
      Locale.setDefault(Locale.forLanguageTag("ar-EG-u-nu-arab"));
      String verdict = Verdict.of(List.of(layer(0, NOTHING, 2, true)), OPTIONS);
      assertTrue(verdict.contains("+0.0010 in layer 0"), verdict);
      assertTrue(verdict.contains("layer 0 (2 of 3 heads)"), verdict);
    } finally {
      Locale.setDefault(before);
    }
  }

  @Test
  void manyLayersAreCounted() {
    List<Integer> layers = IntStream.range(0, 12).boxed().toList();
    assertEquals("layers 0, 1, 2, 3, 4, 5, 6, 7 and 4 more", LayerNames.of(layers));
    assertEquals("layers 0, 1 and 2", LayerNames.of(layers.subList(0, 3)));
    assertEquals("layer 5", LayerNames.of(layers.subList(5, 6)));
  }

  private static String verdict(IndexDifference... rfc) {
    List<LayerContrast> layers = new ArrayList<>();
    for (int layer = 0; layer < rfc.length; layer++) {
      layers.add(layer(layer, rfc[layer], 0, false));
    }
    return Verdict.of(layers, OPTIONS);
  }

  /** The interval reaches 0.01 to either side, so it excludes 0 for values beyond that. */
  private static IndexDifference difference(double ratio, double reference, double qValue) {
    return new IndexDifference(
        around(reference), around(ratio), ratio, qValue, qValue, qValue < 0.05);
  }

  private static Estimate around(double value) {
    return new Estimate(value, new Interval(value - 0.01, value + 0.01));
  }

  private static LayerContrast layer(
      int layer, IndexDifference rfc, int degenerateHeads, boolean unstable) {
    return new LayerContrast(
        layer, roles(layer, degenerateHeads), roles(layer, 0), rfc, NOTHING, unstable, List.of());
  }

  private static LayerRoles roles(int layer, int degenerateHeads) {
    LayerIndex index =
        new LayerIndex(new SampleMean(0, 0, new Interval(0, 0), 3), around(0), around(0), 0);
    List<HeadRoles> heads =
        IntStream.range(0, 3)
            .mapToObj(
                head ->
                    new HeadRoles(
                        head,
                        HeadIndex.of(1, 1, 1),
                        HeadIndex.of(1, 1, 1),
                        head < degenerateHeads,
                        new EffectSize(0, 0)))
            .toList();
    return new LayerRoles(
        layer, index, index, heads, false, List.of(), new EffectSize(0, 0), Optional.empty());
  }
}
