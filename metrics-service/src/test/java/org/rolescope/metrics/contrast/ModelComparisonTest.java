package org.rolescope.metrics.contrast;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.rolescope.fault.FaultCode;
import org.rolescope.fault.RolescopeException;
import org.rolescope.metrics.entropy.EntropyKind;
import org.rolescope.metrics.entropy.EntropyTable;
import org.rolescope.metrics.entropy.LayerEntropies;
import org.rolescope.metrics.role.ControlledIndices;
import org.rolescope.metrics.role.Controls;
import org.rolescope.metrics.role.RoleEstimator;
import org.rolescope.metrics.role.RoleIndex;
import org.rolescope.metrics.role.RoleOptions;
import org.rolescope.metrics.stats.Interval;
import org.rolescope.metrics.testing.Entropies;
import org.rolescope.metrics.testing.SeededRandom;
import org.rolescope.metrics.testing.Tolerance;

final class ModelComparisonTest {
  private static final int EACH = 10;
  private static final int HEADS = 4;

  private final Random random = SeededRandom.create();
  private final RoleOptions options = RoleOptions.defaults(Entropies.categories(EACH), 11);

  @Test
  void swappedModelsNegateTheDifference() {
    LayerEntropies one = random(0);
    LayerEntropies other = random(0);
    for (RoleIndex index : RoleIndex.values()) {
      IndexDifference forth = compare(options, one, other).difference(index);
      IndexDifference back = compare(options, other, one).difference(index);
      Tolerance.DOUBLE.check(-forth.reference().value(), back.reference().value(), "reference");
      Tolerance.DOUBLE.check(
          -forth.reference().confidence().low(), back.reference().confidence().high(), "interval");
      Tolerance.DOUBLE.check(-forth.ratioOfSums().value(), back.ratioOfSums().value(), "ratio");
      Tolerance.DOUBLE.check(
          -forth.ratioOfSums().confidence().low(),
          back.ratioOfSums().confidence().high(),
          "paired");
      assertEquals(-forth.headMedian(), back.headMedian());
      assertEquals(forth.pValue(), back.pValue());
    }
  }

  @Test
  void withoutAConfounderRfcIsTheSameAndRsiUndefined() {
    List<String> categories = new ArrayList<>(Entropies.categories(EACH));
    Collections.replaceAll(categories, "confounder", "third_person");
    RoleOptions rfcOnly = RoleOptions.defaults(categories, 11);
    double[] nats = random.doubles((long) HEADS * 3 * EACH, 0.5, 1.5).toArray();
    Arrays.fill(nats, EACH, 2 * EACH, 0.001);
    LayerEntropies base = Entropies.layer(0, HEADS, Collections.nCopies(3 * EACH, 6), nats);
    LayerEntropies instruct = random(0);
    LayerContrast contrast = compare(rfcOnly, base, instruct);
    LayerContrast whole = compare(options, base, instruct);
    assertEquals(whole.rfc().reference(), contrast.rfc().reference());
    assertEquals(whole.rfc().ratioOfSums().value(), contrast.rfc().ratioOfSums().value());
    assertEquals(whole.rfc().pValue(), contrast.rfc().pValue());
    assertEquals(Double.NaN, contrast.rsi().ratioOfSums().value());
    assertEquals(Interval.UNDEFINED, contrast.rsi().ratioOfSums().confidence());
    assertEquals(Double.NaN, contrast.rsi().reference().value());
    assertEquals(Double.NaN, contrast.rsi().headMedian());
    assertEquals(Double.NaN, contrast.rsi().pValue());
    assertEquals(Double.NaN, contrast.rsi().qValue());
    assertFalse(contrast.rsi().significant() || contrast.rsi().referenceSignificant());

    ModelComparison comparison = new ModelComparison(rfcOnly);
    comparison.add(base, instruct);
    ModelContrast finished = comparison.finish();
    assertEquals(Double.NaN, finished.rsi().ratioOfSums().mean());
    assertFalse(finished.verdict().contains("RSI"), finished.verdict());
  }

  @Test
  void equalModelsDoNotDiffer() {
    LayerEntropies model = random(0);
    LayerContrast contrast = compare(options, model, model);
    for (RoleIndex index : RoleIndex.values()) {
      IndexDifference difference = contrast.difference(index);
      assertEquals(0, difference.ratioOfSums().value());
      assertEquals(0, difference.ratioOfSums().confidence().high());
      assertEquals(1, difference.pValue());
      assertEquals(1, difference.qValue());
      assertFalse(difference.significant());
      assertFalse(difference.referenceSignificant());
    }
  }

  @Test
  void seedDecidesIntervalsAndPValues() {
    LayerEntropies base = random(0);
    LayerEntropies instruct = random(0);
    RoleOptions other = RoleOptions.defaults(Entropies.categories(EACH), 12);
    LayerContrast first = compare(options, base, instruct);
    LayerContrast second = compare(other, base, instruct);
    assertEquals(first, compare(options, base, instruct));
    assertNotEquals(
        first.rfc().ratioOfSums().confidence(), second.rfc().ratioOfSums().confidence());
    assertEquals(first.rfc().reference(), second.rfc().reference());
  }

  @Test
  void modelsAreEstimatedAsOnTheirOwn() {
    LayerEntropies base = random(3);
    LayerEntropies instruct = random(3);
    LayerContrast contrast = compare(options, base, instruct);
    assertEquals(new RoleEstimator(options).estimate(base), contrast.base());
    assertEquals(new RoleEstimator(options).estimate(instruct), contrast.instruct());
  }

  @Test
  void qValuesAreTakenOverAllLayers() {
    ModelComparison comparison = new ModelComparison(options);
    comparison.add(random(0), random(0));
    comparison.add(random(1), focused(random(1), 0.4));
    ModelContrast contrast = comparison.finish();
    IndexDifference strong = contrast.layers().get(1).rfc();
    assertTrue(strong.significant(), strong.toString());
    assertEquals(2 * strong.pValue(), strong.qValue());
    assertTrue(contrast.verdict().startsWith("RFC from base to instruct"), contrast.verdict());
  }

  @Test
  void degenerateHeadOfEitherModelMakesTheLayerUnstable() {
    LayerEntropies sound = random(0);
    double[] nats = sound.table(EntropyKind.EXACT).toArray();
    Arrays.fill(nats, EACH, 2 * EACH, 0.001);
    LayerEntropies planted = Entropies.layer(0, HEADS, sound.queryCounts(), nats);
    assertFalse(compare(options, sound, sound).unstable());
    assertTrue(compare(options, sound, planted).unstable());
    assertTrue(compare(options, planted, sound).unstable());
    assertFalse(compare(options, planted, sound).instruct().unstable());
  }

  /** Each model alone would move by less than the limit; their difference moves by more. */
  @Test
  void degenerateHeadThatMovesOnlyTheDifferenceMakesTheLayerUnstable() {
    List<Integer> queryCounts = Collections.nCopies(3 * EACH, 4);
    LayerEntropies base = Entropies.layer(0, 2, queryCounts, twoHeads(0.0108));
    LayerEntropies instruct = Entropies.layer(0, 2, queryCounts, twoHeads(0.0092));
    LayerContrast contrast = compare(options, base, instruct);
    assertFalse(contrast.base().unstable());
    assertFalse(contrast.instruct().unstable());
    assertTrue(contrast.unstable());
  }

  @Test
  void layersMustFit() {
    RolescopeException layers =
        assertThrows(RolescopeException.class, () -> compare(options, random(1), random(2)));
    assertEquals(FaultCode.INVALID_ARGUMENT, layers.code());
    assertTrue(layers.getMessage().contains("layer differs"), layers.getMessage());
    LayerEntropies wide = Entropies.random(random, 1, HEADS + 1, 3 * EACH);
    RolescopeException heads =
        assertThrows(RolescopeException.class, () -> compare(options, random(1), wide));
    assertTrue(heads.getMessage().contains("base 4, instruct 5"), heads.getMessage());
  }

  @Test
  void bothModelsNeedThePromptsOfTheOptions() {
    LayerEntropies fewer = Entropies.random(random, 1, HEADS, 3 * EACH - 1);
    RolescopeException fault =
        assertThrows(RolescopeException.class, () -> compare(options, random(1), fewer));
    assertEquals(FaultCode.INVALID_ARGUMENT, fault.code());
    assertEquals(
        "Layer 1 has 29 prompts but the options name 30 categories; name one for each prompt",
        fault.getMessage());
  }

  /** Only kinds that both models have can be compared. */
  @Test
  void controlsAreTheDifferencesOfTheModels() {
    LayerEntropies base = with(random(0), EntropyKind.LENGTH_NORMALISED, EntropyKind.NORM_WEIGHTED);
    LayerEntropies instruct = with(random(0), EntropyKind.LENGTH_NORMALISED);
    LayerContrast contrast = compare(options, base, instruct);
    assertEquals(
        List.of(EntropyKind.REFERENCE, EntropyKind.EXACT, EntropyKind.LENGTH_NORMALISED),
        contrast.controls().stream().map(ControlledIndices::kind).toList());
    for (RoleIndex index : RoleIndex.values()) {
      for (ControlledIndices control : contrast.controls()) {
        double before =
            Controls.of(control.kind(), contrast.base().controls()).value(index).value();
        double after =
            Controls.of(control.kind(), contrast.instruct().controls()).value(index).value();
        assertEquals(after - before, control.value(index).value());
        LayerContrast alone = compare(options.withEntropy(control.kind()), base, instruct);
        assertEquals(control.value(index), alone.difference(index).ratioOfSums());
      }
    }
    RolescopeException fault =
        assertThrows(
            RolescopeException.class,
            () -> compare(options.withEntropy(EntropyKind.NORM_WEIGHTED), base, instruct));
    assertTrue(fault.getMessage().contains("no norm-weighted entropy"), fault.getMessage());
  }

  @Test
  void onePromptForEachRoleLeavesNothingToConclude() {
    RoleOptions single = RoleOptions.defaults(Entropies.categories(1), 1);
    IndexDifference difference =
        compare(
                single,
                Entropies.random(random, 0, HEADS, 3),
                Entropies.random(random, 0, HEADS, 3))
            .rfc();
    assertTrue(Double.isFinite(difference.ratioOfSums().value()));
    assertEquals(Interval.UNDEFINED, difference.ratioOfSums().confidence());
    assertEquals(1, difference.pValue());
    assertFalse(difference.significant());
  }

  @Test
  void withoutNeutralEntropyTheDifferenceIsUndefined() {
    double[] nats = random(0).table(EntropyKind.EXACT).toArray();
    for (int cell = 0; cell < nats.length; cell++) {
      nats[cell] = cell / EACH % 3 == 1 ? 0 : nats[cell];
    }
    LayerEntropies silent = Entropies.layer(0, HEADS, Collections.nCopies(3 * EACH, 5), nats);
    IndexDifference difference = compare(options, random(0), silent).rsi();
    assertTrue(Double.isNaN(difference.ratioOfSums().value()));
    assertTrue(Double.isNaN(difference.headMedian()));
    assertTrue(Double.isNaN(difference.pValue()) && Double.isNaN(difference.qValue()));
    assertFalse(difference.significant());
  }

  private static LayerEntropies with(LayerEntropies layer, EntropyKind... kinds) {
    Map<EntropyKind, EntropyTable> tables = new EnumMap<>(layer.tables());
    for (EntropyKind kind : kinds) {
      double[] nats = layer.table(EntropyKind.EXACT).toArray();
      Arrays.setAll(nats, cell -> Math.pow(nats[cell], 1 + kind.ordinal()));
      tables.put(kind, new EntropyTable(HEADS, layer.promptCount(), nats));
    }
    return new LayerEntropies(layer.layer(), HEADS, layer.queryCounts(), tables);
  }

  /** A sound head with RFC 0 and a degenerate one. */
  private static double[] twoHeads(double degenerateSelfNats) {
    double[] nats = new double[2 * 3 * EACH];
    Arrays.fill(nats, 1);
    Arrays.fill(nats, 3 * EACH, nats.length, 0.01);
    Arrays.fill(nats, 3 * EACH, 4 * EACH, degenerateSelfNats);
    return nats;
  }

  private static LayerContrast compare(
      RoleOptions options, LayerEntropies base, LayerEntropies instruct) {
    ModelComparison comparison = new ModelComparison(options);
    comparison.add(base, instruct);
    return comparison.finish().layers().getFirst();
  }

  private LayerEntropies random(int layer) {
    return Entropies.random(random, layer, HEADS, 3 * EACH);
  }

  private static LayerEntropies focused(LayerEntropies layer, double lower) {
    double[] nats = layer.table(EntropyKind.EXACT).toArray();
    for (int head = 0; head < HEADS; head++) {
      for (int prompt = 0; prompt < EACH; prompt++) {
        nats[head * 3 * EACH + prompt] -= lower;
      }
    }
    return Entropies.layer(layer.layer(), HEADS, layer.queryCounts(), nats);
  }
}
