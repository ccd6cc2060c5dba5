package org.rolescope.metrics.candidates;

import static java.util.Objects.requireNonNull;

import java.util.List;

/**
 * The heads ranked.
 *
 * @param candidates the heads given, best first
 * @param summary those in numbers
 * @param rankedCount number of heads ranked, given or not
 */
public record RankedCandidates(
    List<Candidate> candidates, CandidateSummary summary, int rankedCount) {
  /** Copies the candidates. */
  public RankedCandidates {
    candidates = List.copyOf(candidates);
    requireNonNull(summary, "summary is null");
  }
}
