package org.rolescope.metrics.patching;

import java.util.Arrays;
import java.util.List;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;
import org.rolescope.metrics.role.PromptIndices;
import org.rolescope.metrics.stats.ChanceTest;
import org.rolescope.metrics.stats.Estimate;
import org.rolescope.metrics.stats.Samples;

/**
 * What patching random sets of heads of one size recovers in one direction: the null that
 * candidates of that size are held against.
 *
 * <p>Ranks among a few dozen heads cannot tell many candidates apart: with K sets no p lies below
 * 1/(K+1). So there is a second question, which a small model can answer too: does the candidate
 * recover more than the {@value #QUANTILE_PERCENT}th percentile of random sets, whichever prompts
 * one happens to have? Both are bootstrapped over the same prompts.
 */
final class RandomSets {
  /** A candidate has to exceed this percentile of the sizes of random recoveries. */
  static final int QUANTILE_PERCENT = 95;

  /** Fewer sets have no such percentile: 1 / (1 − 0.95). */
  static final int FEWEST = 20;

  private final double[] recoveries;
  private final double[] levels;

  /**
   * Recoveries of random sets.
   *
   * @param runs the runs of this direction
   * @param measures m of each set, [set][prompt]
   * @param resamples resamples of the prompts that have a recovery
   */
  RandomSets(
      PatchingEndpoints runs, List<List<Double>> measures, Iterable<PromptIndices> resamples) {
    PromptIndices defined = runs.definedPrompts();
    recoveries = measures.stream().mapToDouble(measure -> runs.over(measure, defined)).toArray();
    levels =
        measures.size() < FEWEST
            ? new double[0]
            : StreamSupport.stream(resamples.spliterator(), false)
                .mapToDouble(
                    resample ->
                        quantile(
                            measures.stream().mapToDouble(measure -> runs.over(measure, resample))))
                .toArray();
  }

  /** Number of sets. */
  int count() {
    return recoveries.length;
  }

  /** The percentile of the sizes of recovery; NaN where there are too few sets. */
  double quantile() {
    return count() < FEWEST ? Double.NaN : quantile(Arrays.stream(recoveries));
  }

  /** Share of sets at least as large in size, itself counted among them; NaN without sets. */
  double rankPValue(Estimate recovery) {
    return count() == 0
        ? Double.NaN
        : ChanceTest.pValue(recovery.value(), Arrays.stream(recoveries));
  }

  /**
   * Share of resamples in which a candidate does not exceed the percentile, one added to both.
   *
   * @param resampled recovery of the candidate in each of the same resamples
   * @return NaN where there are too few sets, or a recovery is undefined
   */
  double excessPValue(double[] resampled) {
    if (levels.length == 0 || Arrays.stream(resampled).anyMatch(Double::isNaN)) {
      return Double.NaN;
    }
    long within =
        IntStream.range(0, levels.length)
            .filter(index -> !(Math.abs(resampled[index]) > levels[index]))
            .count();
    return (1.0 + within) / (1.0 + levels.length);
  }

  private static double quantile(DoubleStream recoveries) {
    return Samples.percentile(recoveries.map(Math::abs).toArray(), QUANTILE_PERCENT);
  }
}
