package org.rolescope.metrics.simulation;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.rolescope.metrics.contrast.LayerContrast;
import org.rolescope.metrics.contrast.ModelComparison;
import org.rolescope.metrics.entropy.LayerEntropies;
import org.rolescope.metrics.role.RoleIndex;
import org.rolescope.metrics.role.RoleOptions;
import org.rolescope.metrics.stats.Estimate;
import org.rolescope.metrics.testing.Entropies;
import org.rolescope.metrics.testing.SeededRandom;
import org.rolescope.metrics.testing.SimulatedPrompts;

/**
 * 95% intervals of the default estimator must hold the population's value 93 to 97 times in 100.
 */
final class IntervalCoverageIT {
  private static final int TRIALS = 1500;
  private static final int RESAMPLES = 1000;
  private static final double[] BASE = {1.0, 1.0, 1.05};
  private static final double[] INSTRUCT = {0.85, 1.0, 0.95};

  @ParameterizedTest
  @CsvSource({"20, 0.10, 0.08", "20, 0.14, 0.05", "30, 0.10, 0.08", "30, 0.14, 0.05"})
  void bootstrapIntervalsCoverWhatTheyPromise(int each, double sharedSpread, double ownSpread) {
    Random random = SeededRandom.create();
    SimulatedPrompts prompts = new SimulatedPrompts(each, 8, sharedSpread, ownSpread);
    int[] covered = new int[4];
    for (int trial = 0; trial < TRIALS; trial++) {
      LayerContrast contrast = contrast(random, prompts, trial);
      for (RoleIndex index : RoleIndex.values()) {
        Estimate one = contrast.instruct().value(index).ratioOfSums();
        Estimate difference = contrast.difference(index).ratioOfSums();
        covered[index.ordinal()] += covers(one, truth(index, INSTRUCT));
        covered[2 + index.ordinal()] +=
            covers(difference, truth(index, INSTRUCT) - truth(index, BASE));
      }
    }
    double[] shares =
        Arrays.stream(covered).mapToDouble(count -> count / (double) TRIALS).toArray();
    System.out.println(
        "coverage, %d prompts, spread %s and %s: RFC, RSI, RFC difference, RSI difference %s"
            .formatted(each, sharedSpread, ownSpread, Arrays.toString(shares)));
    for (double share : shares) {
      assertTrue(share >= 0.93 && share <= 0.97, Arrays.toString(shares));
    }
  }

  private static LayerContrast contrast(Random random, SimulatedPrompts prompts, long seed) {
    List<Integer> lengths = prompts.lengths(random);
    double[] shared = prompts.shared(random);
    LayerEntropies base = prompts.layer(random, 0, lengths, shared, BASE);
    LayerEntropies instruct = prompts.layer(random, 0, lengths, shared, INSTRUCT);
    RoleOptions options =
        RoleOptions.defaults(Entropies.categories(prompts.each()), seed)
            .withResamples(RESAMPLES, 1);
    return new ModelComparison(options).add(base, instruct);
  }

  private static double truth(RoleIndex index, double[] levels) {
    return index.of(levels[0], levels[1], levels[2]);
  }

  private static int covers(Estimate estimate, double truth) {
    return estimate.confidence().excludes(truth) ? 0 : 1;
  }
}
