package org.rolescope.metrics.candidates;

import static java.util.Objects.requireNonNull;

/**
 * One head as a candidate for patching.
 *
 * @param difference how it differs between the models
 * @param scores what makes it a candidate
 * @param rank rank among all heads by composite score, from 1
 * @param qValue Benjamini-Hochberg q-value of its Wilcoxon p-value over all heads; NaN where that
 *     is, which is then left out of the family
 */
public record Candidate(
    HeadDifference difference, CandidateScores scores, int rank, double qValue) {
  /** Checks that nothing is missing. */
  public Candidate {
    requireNonNull(difference, "difference is null");
    requireNonNull(scores, "scores is null");
  }
}
