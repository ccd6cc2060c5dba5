package org.rolescope.metrics.candidates;

import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import org.rolescope.metrics.stats.ZScores;

/**
 * What makes a head a candidate, each as a z-score over all heads (ddof 1). NaN where the head has
 * no such value, and for every head where all are equal.
 *
 * @param magnitude of |didLogRatioMedian|
 * @param consistency of didConsistency
 * @param baseline of −selfBaseMedian: low entropy is a specialised head
 */
public record CandidateScores(double magnitude, double consistency, double baseline) {
  /** The scores of all heads, in order. */
  static List<CandidateScores> of(List<HeadDifference> heads) {
    double[] magnitudes = zScores(heads, head -> Math.abs(head.didLogRatioMedian()));
    double[] consistencies = zScores(heads, HeadDifference::didConsistency);
    double[] baselines = zScores(heads, head -> -head.selfBaseMedian());
    return IntStream.range(0, heads.size())
        .mapToObj(
            head -> new CandidateScores(magnitudes[head], consistencies[head], baselines[head]))
        .toList();
  }

  /** Their sum; NaN where one is. */
  public double composite() {
    return magnitude + consistency + baseline;
  }

  private static double[] zScores(
      List<HeadDifference> heads, ToDoubleFunction<HeadDifference> value) {
    return ZScores.of(heads.stream().mapToDouble(value).toArray());
  }
}
