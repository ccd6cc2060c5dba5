package org.rolescope.metrics.confound;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.rolescope.metrics.entropy.EntropyKind;
import org.rolescope.metrics.role.ControlledIndices;
import org.rolescope.metrics.role.RoleIndex;
import org.rolescope.metrics.stats.Estimate;
import org.rolescope.metrics.stats.Interval;

final class SurvivalTest {
  private static final List<EntropyKind> CONTROLS =
      List.of(EntropyKind.LENGTH_NORMALISED, EntropyKind.SINK_EXCLUDED);
  private static final Conclusion DIFFERS = new Conclusion("differs", "differ");
  private static final Estimate UNDEFINED = new Estimate(Double.NaN, Interval.UNDEFINED);

  @Test
  void survivalNeedsTheSignAndAnIntervalWithoutZero() {
    assertTrue(finding(0, 0.2, around(0.1)).survives(EntropyKind.LENGTH_NORMALISED));
    assertTrue(finding(0, -0.2, around(-0.1)).survives(EntropyKind.LENGTH_NORMALISED));
    assertFalse(finding(0, 0.2, around(-0.1)).survives(EntropyKind.LENGTH_NORMALISED));
    assertFalse(finding(0, 0.2, around(0.04)).survives(EntropyKind.LENGTH_NORMALISED));
    assertFalse(finding(0, 0.2, UNDEFINED).survives(EntropyKind.LENGTH_NORMALISED));
    assertFalse(finding(0, 0.2, around(0.1)).survives(EntropyKind.NORM_WEIGHTED));
  }

  @Test
  void namesWhatDoesNotSurviveAndUnderWhich() {
    assertEquals(
        "RFC: 4 layers differ, 1 of which survives every control (length-normalised and sink-excluded entropy); lost: layers 1 and 3 under length-normalised, layers 2 and 3 under sink-excluded.",
        sentence(
            finding(0, 0.2, around(0.1), around(0.2)),
            finding(1, 0.2, around(0.01), around(0.2)),
            finding(2, -0.2, around(-0.2), around(0.2)),
            finding(3, -0.2, UNDEFINED, around(0.01)),
            inconclusive(4)));
  }

  @Test
  void allMaySurvive() {
    assertEquals(
        "RFC: 2 layers differ, 2 of which survive every control (length-normalised and sink-excluded entropy).",
        sentence(
            finding(0, 0.2, around(0.1), around(0.2)), finding(5, 0.2, around(0.1), around(0.2))));
  }

  @Test
  void withoutConclusionsNothingIsControlled() {
    assertEquals(
        "RFC: no layer differs, so there is nothing to control.", sentence(inconclusive(0)));
  }

  @Test
  void withoutControlsNothingIsKnown() {
    assertEquals(
        "RFC: 1 layer differs; whether that survives a control is unknown, because none was measured.",
        new Survival(RoleIndex.RFC, List.of(finding(0, 0.2)), List.of(), DIFFERS).sentence());
  }

  private static String sentence(Finding... findings) {
    return new Survival(RoleIndex.RFC, List.of(findings), CONTROLS, DIFFERS).sentence();
  }

  private static Finding finding(int layer, double value, Estimate... controls) {
    return new Finding(RoleIndex.RFC, layer, value, true, controls(controls));
  }

  private static Finding inconclusive(int layer) {
    return new Finding(RoleIndex.RFC, layer, 0.01, false, controls(UNDEFINED, UNDEFINED));
  }

  private static List<ControlledIndices> controls(Estimate... rfc) {
    return IntStream.range(0, rfc.length)
        .mapToObj(control -> new ControlledIndices(CONTROLS.get(control), rfc[control], UNDEFINED))
        .toList();
  }

  private static Estimate around(double value) {
    return new Estimate(value, new Interval(value - 0.05, value + 0.05));
  }
}
