package org.rolescope.metrics.simulation;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.apache.commons.statistics.inference.KolmogorovSmirnovTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.rolescope.metrics.contrast.LayerContrast;
import org.rolescope.metrics.contrast.ModelComparison;
import org.rolescope.metrics.role.RoleIndex;
import org.rolescope.metrics.role.RoleOptions;
import org.rolescope.metrics.testing.Entropies;
import org.rolescope.metrics.testing.SeededRandom;
import org.rolescope.metrics.testing.SimulatedPrompts;

/** What the tests of a comparison say where the two models do not differ. */
final class NullHypothesisIT {
  private static final int EACH = 20;
  private static final int PERMUTATIONS = 999;
  private static final double[] ALIKE = {1, 1, 1};
  private static final SimulatedPrompts PROMPTS = new SimulatedPrompts(EACH, 8, 0.1, 0.08);

  private final Random random = SeededRandom.create();

  /** Roles do not matter in either model. */
  @Test
  void pValuesAreUniformUnderTheNull() {
    assertUniform(ALIKE, "roles alike");
  }

  /** Roles matter, but in both models the same: labels are then not exchangeable. */
  @ParameterizedTest
  @ValueSource(doubles = {0.6, 0.8, 1.25, 1.5})
  void pValuesAreUniformWhereBothModelsFocusAlike(double self) {
    assertUniform(new double[] {self, 1, 1.1}, "models alike, self " + self);
  }

  /**
   * Of 16 layers none differs, so each discovery is false, and the false discovery rate is the
   * share of comparisons with any.
   *
   * @param change relative standard deviation over prompts of how the newer model differs, in all
   *     layers alike: 0 makes layers independent
   */
  @ParameterizedTest
  @ValueSource(doubles = {0, 0.05})
  void falseDiscoveriesAreRare(double change) {
    int layers = 16;
    int trials = 400;
    int[] falseDiscoveries = new int[RoleIndex.values().length];
    for (int trial = 0; trial < trials; trial++) {
      List<LayerContrast> contrasts = compare(ALIKE, layers, change, trial);
      for (RoleIndex index : RoleIndex.values()) {
        if (contrasts.stream().anyMatch(layer -> layer.difference(index).significant())) {
          falseDiscoveries[index.ordinal()]++;
        }
      }
    }
    for (RoleIndex index : RoleIndex.values()) {
      double rate = falseDiscoveries[index.ordinal()] / (double) trials;
      System.out.println(
          "share of false discoveries, change " + change + ", " + index + ": " + rate);
      assertTrue(rate <= 0.05, index + " " + rate);
    }
  }

  private void assertUniform(double[] levels, String what) {
    int trials = 1000;
    double[][] pValues = new double[RoleIndex.values().length][trials];
    for (int trial = 0; trial < trials; trial++) {
      LayerContrast contrast = compare(levels, 1, 0.05, trial).getFirst();
      for (RoleIndex index : RoleIndex.values()) {
        pValues[index.ordinal()][trial] = contrast.difference(index).pValue();
      }
    }
    for (RoleIndex index : RoleIndex.values()) {
      double[] sample = pValues[index.ordinal()];
      double fit = KolmogorovSmirnovTest.withDefaults().test(sample, p -> p).getPValue();
      double share = Arrays.stream(sample).filter(p -> p <= 0.05).count() / (double) trials;
      System.out.printf(
          "simulated p of %s, %s: Kolmogorov-Smirnov p %.3f, share below 0.05 %.3f%n",
          index, what, fit, share);
      assertTrue(fit > 0.01, what + " " + index + " " + fit);
    }
  }

  private List<LayerContrast> compare(double[] levels, int layers, double change, long seed) {
    RoleOptions options =
        RoleOptions.defaults(Entropies.categories(EACH), seed).withResamples(1, PERMUTATIONS);
    ModelComparison comparison = new ModelComparison(options);
    List<Integer> lengths = PROMPTS.lengths(random);
    double[] base = PROMPTS.shared(random);
    double[] instruct =
        Arrays.stream(base).map(shared -> shared + change * random.nextGaussian()).toArray();
    for (int layer = 0; layer < layers; layer++) {
      comparison.add(
          PROMPTS.layer(random, layer, lengths, base, levels),
          PROMPTS.layer(random, layer, lengths, instruct, levels));
    }
    return comparison.finish().layers();
  }
}
