package org.rolescope.metrics.candidates;

import java.util.List;
import java.util.function.ToDoubleFunction;
import org.rolescope.metrics.stats.Samples;

/**
 * The candidates given, in numbers, as the published summaries have them.
 *
 * @param totalCandidates how many
 * @param meanDidMedian mean of didMedian
 * @param stdDidMedian its standard deviation, ddof 1; NaN for one candidate
 * @param meanLogRatioMedian mean of <b>didLogRatioMedian</b>: the study's summaries call it so
 * @param stdLogRatioMedian its standard deviation, ddof 1; NaN for one candidate
 * @param meanConsistency mean of didConsistency
 * @param meanCompositeScore mean of the composite score
 * @param layersWithCandidates layers that have a candidate, ascending
 * @param topLayer layer of the first candidate
 * @param topHead head of the first candidate
 */
public record CandidateSummary(
    int totalCandidates,
    double meanDidMedian,
    double stdDidMedian,
    double meanLogRatioMedian,
    double stdLogRatioMedian,
    double meanConsistency,
    double meanCompositeScore,
    List<Integer> layersWithCandidates,
    int topLayer,
    int topHead) {
  /** Copies the layers. */
  public CandidateSummary {
    layersWithCandidates = List.copyOf(layersWithCandidates);
  }

  /**
   * Summarises candidates; a mean over a NaN is NaN.
   *
   * @param candidates at least one, best first
   */
  public static CandidateSummary of(List<Candidate> candidates) {
    double[] differences = column(candidates, head -> head.difference().didMedian());
    double[] logRatios = column(candidates, head -> head.difference().didLogRatioMedian());
    HeadDifference first = candidates.getFirst().difference();
    return new CandidateSummary(
        candidates.size(),
        Samples.mean(differences),
        Samples.standardDeviation(differences),
        Samples.mean(logRatios),
        Samples.standardDeviation(logRatios),
        Samples.mean(column(candidates, head -> head.difference().didConsistency())),
        Samples.mean(column(candidates, head -> head.scores().composite())),
        candidates.stream().map(head -> head.difference().layer()).distinct().sorted().toList(),
        first.layer(),
        first.head());
  }

  private static double[] column(List<Candidate> candidates, ToDoubleFunction<Candidate> value) {
    return candidates.stream().mapToDouble(value).toArray();
  }
}
