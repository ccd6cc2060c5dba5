package org.rolescope.metrics.contrast;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.function.ToDoubleFunction;
import org.junit.jupiter.api.Test;
import org.rolescope.metrics.entropy.EntropyKind;
import org.rolescope.metrics.entropy.LayerEntropies;
import org.rolescope.metrics.role.LayerTotals;
import org.rolescope.metrics.role.RoleIndex;
import org.rolescope.metrics.role.RoleOptions;
import org.rolescope.metrics.role.RolePrompts;
import org.rolescope.metrics.testing.Entropies;
import org.rolescope.metrics.testing.SeededRandom;

final class PermutationTestTest {
  private static final int EACH = 12;
  private static final int PERMUTATIONS = 199;

  private final Random random = SeededRandom.create();
  private final RolePrompts prompts =
      RolePrompts.of(RoleOptions.defaults(Entropies.categories(EACH), 1));

  /** Prompts of all roles are draws from one distribution, so labels cannot matter. */
  @Test
  void pIsUniformWhereLabelsDoNotMatter() {
    int trials = 400;
    for (RoleIndex index : RoleIndex.values()) {
      double[] pValues = new double[trials];
      for (int trial = 0; trial < trials; trial++) {
        pValues[trial] = pValue(index, model(0), model(0), trial);
      }
      assertEquals(0.5, Arrays.stream(pValues).average().orElseThrow(), 0.06, index + " mean");
      assertEquals(0.1, share(pValues, 0.1), 0.05, index + " share of p <= 0.1");
      assertEquals(0.5, share(pValues, 0.5), 0.08, index + " share of p <= 0.5");
    }
  }

  @Test
  void pIsNearItsMinimumWhereTheEffectIsStrong() {
    double smallest = 1.0 / (1 + PERMUTATIONS);
    for (RoleIndex index : RoleIndex.values()) {
      double pValue = pValue(index, model(0), model(0.6), 3);
      assertTrue(pValue >= smallest && pValue <= 4 * smallest, index + " p " + pValue);
    }
  }

  @Test
  void equalModelsGiveOne() {
    LayerEntropies model = model(0.3);
    for (RoleIndex index : RoleIndex.values()) {
      assertEquals(1, pValue(index, model, model, 3));
    }
  }

  @Test
  void unswappedLabelsAreATie() {
    ToDoubleFunction<RolePrompts> statistic = statistic(RoleIndex.RFC, model(0), model(0.3));
    RolePrompts unswapped = LabelSwaps.swap(RoleIndex.RFC, prompts, new boolean[EACH]);
    assertEquals(prompts, unswapped);
    assertEquals(1, PermutationTest.pValue(statistic, prompts, Collections.nCopies(9, unswapped)));
  }

  @Test
  void roundingDoesNotBreakATie() {
    List<RolePrompts> one = List.of(prompts);
    double[] values = {0.1 + 0.2, 0.3};
    int[] call = {0};
    assertEquals(1, PermutationTest.pValue(labelled -> values[call[0]++], prompts, one));
  }

  @Test
  void undefinedStatisticHasNoPValue() {
    assertTrue(
        Double.isNaN(PermutationTest.pValue(labelled -> Double.NaN, prompts, List.of(prompts))));
  }

  @Test
  void swapsExchangeWithinPairsOnly() {
    for (RoleIndex index : RoleIndex.values()) {
      List<RolePrompts> swaps = new ArrayList<>();
      new LabelSwaps(index, prompts, 50, 4).forEach(swaps::add);
      assertEquals(50, swaps.size());
      for (RolePrompts swapped : swaps) {
        for (int pair = 0; pair < EACH; pair++) {
          assertEquals(
              prompts.self().at(pair) + prompts.neutral().at(pair) + prompts.confounder().at(pair),
              swapped.self().at(pair) + swapped.neutral().at(pair) + swapped.confounder().at(pair));
        }
        assertEquals(index == RoleIndex.RFC, swapped.confounder().equals(prompts.confounder()));
      }
    }
  }

  @Test
  void promptsWithoutAPartnerKeepTheirLabel() {
    RolePrompts uneven =
        RolePrompts.of(
            RoleOptions.defaults(
                List.of("self_referent", "self_referent", "neutral", "confounder"), 1));
    for (RolePrompts swapped : new LabelSwaps(RoleIndex.RFC, uneven, 20, 4)) {
      assertEquals(1, swapped.self().at(1));
      assertEquals(2, swapped.self().at(0) + swapped.neutral().at(0));
    }
  }

  private double pValue(RoleIndex index, LayerEntropies base, LayerEntropies instruct, long seed) {
    return PermutationTest.pValue(
        statistic(index, base, instruct),
        prompts,
        new LabelSwaps(index, prompts, PERMUTATIONS, seed));
  }

  private static ToDoubleFunction<RolePrompts> statistic(
      RoleIndex index, LayerEntropies base, LayerEntropies instruct) {
    LayerTotals baseTotals = new LayerTotals(base, EntropyKind.EXACT);
    LayerTotals instructTotals = new LayerTotals(instruct, EntropyKind.EXACT);
    return labelled -> instructTotals.value(index, labelled) - baseTotals.value(index, labelled);
  }

  /** One head; self prompts are lower by the effect. */
  private LayerEntropies model(double effect) {
    double[] nats = random.doubles(3L * EACH, 0.8, 1.2).toArray();
    for (int prompt = 0; prompt < EACH; prompt++) {
      nats[prompt] -= effect;
    }
    return Entropies.layer(0, 1, Collections.nCopies(3 * EACH, 5), nats);
  }

  private static double share(double[] pValues, double level) {
    return Arrays.stream(pValues).filter(pValue -> pValue <= level).count()
        / (double) pValues.length;
  }
}
