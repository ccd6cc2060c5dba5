package org.rolescope.metrics.candidates;

import java.util.stream.IntStream;
import org.rolescope.metrics.entropy.EntropyTable;
import org.rolescope.metrics.role.PromptIndices;

/** Entropies of one head on paired prompts in both models, nats, each [pair]. */
final class PairedEntropies {
  /** The median self entropy in base times this is added to both sides of a ratio. */
  private static final double SHARE_OF_MEDIAN = 0.05;

  private final double[] selfBase;
  private final double[] selfInstruct;
  private final double[] neutralBase;
  private final double[] neutralInstruct;

  /** The entropies of a head. */
  PairedEntropies(EntropyTable base, EntropyTable instruct, int head, PromptPairs pairs) {
    selfBase = entropies(base, head, pairs.self());
    selfInstruct = entropies(instruct, head, pairs.self());
    neutralBase = entropies(base, head, pairs.neutral());
    neutralInstruct = entropies(instruct, head, pairs.neutral());
  }

  double[] selfBase() {
    return selfBase.clone();
  }

  double[] selfInstruct() {
    return selfInstruct.clone();
  }

  double[] neutralBase() {
    return neutralBase.clone();
  }

  double[] neutralInstruct() {
    return neutralInstruct.clone();
  }

  /** Instruct minus base of the self prompts, nats. */
  double[] selfDifferences() {
    return differences(selfInstruct, selfBase);
  }

  /** Instruct minus base of the neutral prompts, nats. */
  double[] neutralDifferences() {
    return differences(neutralInstruct, neutralBase);
  }

  /** Difference of the self prompt minus difference of the neutral one, nats. */
  double[] differencesInDifferences() {
    return differences(selfDifferences(), neutralDifferences());
  }

  /**
   * ln((instruct + ε) / (base + ε)) of the self prompts.
   *
   * @param selfBaseMedian gives ε; where that is 0, logarithms of prompts without entropy are NaN
   */
  double[] logRatios(double selfBaseMedian) {
    return logRatios(selfInstruct, selfBase, SHARE_OF_MEDIAN * selfBaseMedian);
  }

  /** The log ratio of the self prompt minus that of the neutral one, with the same ε. */
  double[] differencesOfLogRatios(double selfBaseMedian) {
    return differences(
        logRatios(selfBaseMedian),
        logRatios(neutralInstruct, neutralBase, SHARE_OF_MEDIAN * selfBaseMedian));
  }

  private static double[] logRatios(double[] instruct, double[] base, double epsilon) {
    return IntStream.range(0, base.length)
        .mapToDouble(pair -> logRatio(instruct[pair] + epsilon, base[pair] + epsilon))
        .toArray();
  }

  /** Rounding may leave an entropy slightly below 0. */
  private static double logRatio(double instruct, double base) {
    return instruct > 0 && base > 0 ? Math.log(instruct / base) : Double.NaN;
  }

  private static double[] differences(double[] minuend, double[] subtrahend) {
    return IntStream.range(0, minuend.length)
        .mapToDouble(pair -> minuend[pair] - subtrahend[pair])
        .toArray();
  }

  private static double[] entropies(EntropyTable table, int head, PromptIndices prompts) {
    return IntStream.range(0, prompts.size())
        .mapToDouble(pair -> table.nats(head, prompts.at(pair)))
        .toArray();
  }
}
