package org.rolescope.metrics.candidates;

import java.util.Arrays;
import org.rolescope.metrics.stats.Samples;
import org.rolescope.metrics.stats.WilcoxonSignedRank;

/**
 * How one head differs between two models, over paired prompts. METRICS §5; names are those of the
 * published tables. Entropies H are those of the options' kind, in nats unless that has no unit.
 *
 * @param layer the layer, counting from 0
 * @param head the head, counting from 0
 * @param selfBaseMedian median H of the self prompts in base
 * @param selfInstructMedian median H of the self prompts in instruct
 * @param neutralBaseMedian median H of the neutral prompts in base
 * @param neutralInstructMedian median H of the neutral prompts in instruct
 * @param selfDiffMedian median of H in instruct minus H in base, self prompts
 * @param neutralDiffMedian the same of the neutral prompts
 * @param didMedian median over pairs of the self difference minus the neutral one
 * @param logRatioMedian median of ln((H_instruct + ε) / (H_base + ε)) over self prompts, ε = 0.05 ·
 *     selfBaseMedian; NaN where a side of a ratio is not positive
 * @param didLogRatioMedian median over pairs of the self log ratio minus the neutral one, the same
 *     ε; NaN likewise
 * @param selfConsistency share of self prompts whose difference has the commoner sign: f = share
 *     above 0; f where that exceeds 0.5, else the share below 0
 * @param didConsistency the same of the differences-in-differences
 * @param selfDiffIqr interquartile range of the self differences
 * @param didIqr interquartile range of the differences-in-differences
 * @param logRatioIqr interquartile range of the log ratios; NaN where a side of one is not positive
 * @param pairCount number of pairs
 * @param wilcoxonPValue two-sided signed-rank p-value of the differences-in-differences, see {@link
 *     WilcoxonSignedRank}; NaN where all are 0
 */
public record HeadDifference(
    int layer,
    int head,
    double selfBaseMedian,
    double selfInstructMedian,
    double neutralBaseMedian,
    double neutralInstructMedian,
    double selfDiffMedian,
    double neutralDiffMedian,
    double didMedian,
    double logRatioMedian,
    double didLogRatioMedian,
    double selfConsistency,
    double didConsistency,
    double selfDiffIqr,
    double didIqr,
    double logRatioIqr,
    int pairCount,
    double wilcoxonPValue) {
  /** The difference that entropies of both models make. */
  static HeadDifference of(int layer, int head, PairedEntropies entropies) {
    double selfBaseMedian = Samples.median(entropies.selfBase());
    double[] selfDifferences = entropies.selfDifferences();
    double[] differences = entropies.differencesInDifferences();
    double[] logRatios = entropies.logRatios(selfBaseMedian);
    return new HeadDifference(
        layer,
        head,
        selfBaseMedian,
        Samples.median(entropies.selfInstruct()),
        Samples.median(entropies.neutralBase()),
        Samples.median(entropies.neutralInstruct()),
        Samples.median(selfDifferences),
        Samples.median(entropies.neutralDifferences()),
        Samples.median(differences),
        Samples.median(logRatios),
        Samples.median(entropies.differencesOfLogRatios(selfBaseMedian)),
        consistency(selfDifferences),
        consistency(differences),
        Samples.interquartileRange(selfDifferences),
        Samples.interquartileRange(differences),
        Samples.interquartileRange(logRatios),
        differences.length,
        WilcoxonSignedRank.pValue(differences));
  }

  private static double consistency(double[] differences) {
    double above =
        share(Arrays.stream(differences).filter(value -> value > 0).count(), differences);
    return above > 0.5
        ? above
        : share(Arrays.stream(differences).filter(value -> value < 0).count(), differences);
  }

  private static double share(long count, double[] all) {
    return (double) count / all.length;
  }
}
