package org.rolescope.metrics.stats;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.Test;
import org.rolescope.metrics.testing.Golden;
import org.rolescope.metrics.testing.Tolerance;

/** Golden values: golden/confounds.json, NumPy 1.26.4 and SciPy 1.14.1. */
final class EffectSizeTest {
  private static final JsonNode GOLDEN = Golden.read("confounds.json");

  @Test
  void effectsAreThoseOfNumPy() {
    for (JsonNode golden : GOLDEN.get("effects")) {
      EffectSize effect =
          EffectSize.of(Golden.doubles(golden.get("first")), Golden.doubles(golden.get("second")));
      Tolerance.DOUBLE.check(golden.get("cohens_d").asDouble(), effect.cohensD(), "d");
      Tolerance.DOUBLE.check(golden.get("hedges_g").asDouble(), effect.hedgesG(), "g");
    }
  }

  /** Hedges 1981 gives 1 - 3/(4 df - 1) as an approximation that is good to 0.007 from 2 on. */
  @Test
  void correctionIsNearItsApproximation() {
    for (int degrees : new int[] {2, 3, 10, 58, 400}) {
      assertEquals(1 - 3 / (4.0 * degrees - 1), EffectSize.correction(degrees), 0.008);
    }
    Tolerance.DOUBLE.check(1 / Math.sqrt(Math.PI), EffectSize.correction(2), "exact");
    assertTrue(Double.isNaN(EffectSize.correction(1)));
  }

  @Test
  void oneValueASideHasNoHedges() {
    EffectSize effect = EffectSize.of(new double[] {1}, new double[] {2, 4});
    assertEquals(-2 / Math.sqrt(0.5), effect.cohensD());
    assertTrue(Double.isNaN(effect.hedgesG()));
  }

  @Test
  void withoutSpreadThereIsNoEffect() {
    double[] same = {1, 1, 1};
    assertEquals(new EffectSize(Double.NaN, Double.NaN), EffectSize.of(same, new double[] {2, 2}));
    assertEquals(new EffectSize(Double.NaN, Double.NaN), EffectSize.of(same, new double[0]));
  }

  @Test
  void nanIsNeverAveragedAway() {
    EffectSize effect = EffectSize.of(new double[] {1, Double.NaN, 2}, new double[] {2, 4, 5});
    assertEquals(new EffectSize(Double.NaN, Double.NaN), effect);
  }

  @Test
  void mannWhitneyIsThatOfSciPy() {
    for (JsonNode golden : GOLDEN.get("mann_whitney")) {
      double[] first = Golden.doubles(golden.get("first"));
      double[] second = Golden.doubles(golden.get("second"));
      Tolerance.DOUBLE.check(
          golden.get("p").asDouble(), MannWhitney.pValue(first, second), first.length + " values");
    }
  }

  @Test
  void equalLengthsAreBalanced() {
    assertEquals(1, MannWhitney.pValue(new double[] {7, 7}, new double[] {7, 7, 7}));
    assertTrue(Double.isNaN(MannWhitney.pValue(new double[0], new double[] {7})));
  }
}
