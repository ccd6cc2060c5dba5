package org.rolescope.metrics.grpc;

import org.rolescope.fault.FaultCode;
import org.rolescope.fault.RolescopeException;
import org.rolescope.metrics.candidates.Candidate;
import org.rolescope.metrics.candidates.CandidateOptions;
import org.rolescope.metrics.candidates.CandidateScores;
import org.rolescope.metrics.candidates.CandidateSummary;
import org.rolescope.metrics.candidates.HeadDifference;
import org.rolescope.metrics.candidates.RankedCandidates;
import org.rolescope.metrics.entropy.EntropyKind;
import org.rolescope.v1.RankCandidatesResponse;

/** Converts rankings of heads to and from messages; what a caller leaves out is filled in. */
final class CandidateMessages {
  private CandidateMessages() {}

  /** The options of a message, defaults filled in. */
  static CandidateOptions options(org.rolescope.v1.CandidateOptions message) {
    return new CandidateOptions(
        message.getCategoriesList(),
        OptionMessages.roles(message.getRoles()),
        message.getModelFamily(),
        message.getTopK(),
        entropy(message.getEntropy()));
  }

  /** The response that tells of a ranking. */
  static RankCandidatesResponse message(CandidateOptions options, RankedCandidates ranked) {
    return RankCandidatesResponse.newBuilder()
        .setOptions(message(options))
        .addAllCandidates(ranked.candidates().stream().map(CandidateMessages::message).toList())
        .setSummary(message(ranked.summary()))
        .setRankedCount(ranked.rankedCount())
        .build();
  }

  private static org.rolescope.v1.CandidateOptions message(CandidateOptions options) {
    return org.rolescope.v1.CandidateOptions.newBuilder()
        .addAllCategories(options.categories())
        .setRoles(OptionMessages.message(options.roles()))
        .setModelFamily(options.modelFamily())
        .setTopK(options.topK())
        .setEntropy(EntropyMessages.wireKind(options.entropy()))
        .build();
  }

  private static EntropyKind entropy(org.rolescope.v1.EntropyKind kind) {
    if (kind == org.rolescope.v1.EntropyKind.ENTROPY_KIND_UNSPECIFIED) {
      return CandidateOptions.DEFAULT_ENTROPY;
    }
    return EntropyMessages.domainKind(kind)
        .orElseThrow(
            () ->
                new RolescopeException(
                    FaultCode.INVALID_ARGUMENT,
                    "The candidate options name no known kind of entropy (%s); leave it out for the reference"
                        .formatted(kind)));
  }

  private static org.rolescope.v1.Candidate message(Candidate candidate) {
    HeadDifference head = candidate.difference();
    CandidateScores scores = candidate.scores();
    return org.rolescope.v1.Candidate.newBuilder()
        .setLayer(head.layer())
        .setHead(head.head())
        .setSelfBaseMedian(head.selfBaseMedian())
        .setSelfInstructMedian(head.selfInstructMedian())
        .setNeutralBaseMedian(head.neutralBaseMedian())
        .setNeutralInstructMedian(head.neutralInstructMedian())
        .setSelfDiffMedian(head.selfDiffMedian())
        .setNeutralDiffMedian(head.neutralDiffMedian())
        .setDidMedian(head.didMedian())
        .setLogRatioMedian(head.logRatioMedian())
        .setDidLogRatioMedian(head.didLogRatioMedian())
        .setSelfConsistency(head.selfConsistency())
        .setDidConsistency(head.didConsistency())
        .setSelfDiffIqr(head.selfDiffIqr())
        .setDidIqr(head.didIqr())
        .setLogRatioIqr(head.logRatioIqr())
        .setBaselineEntropy(head.selfBaseMedian())
        .setNSelf(head.pairCount())
        .setNNeutral(head.pairCount())
        .setMagnitudeScore(scores.magnitude())
        .setConsistencyScore(scores.consistency())
        .setBaselineScore(scores.baseline())
        .setCompositeScore(scores.composite())
        .setRank(candidate.rank())
        .setWilcoxonPValue(head.wilcoxonPValue())
        .setQValue(candidate.qValue())
        .build();
  }

  private static org.rolescope.v1.CandidateSummary message(CandidateSummary summary) {
    return org.rolescope.v1.CandidateSummary.newBuilder()
        .setTotalCandidates(summary.totalCandidates())
        .setMeanDidMedian(summary.meanDidMedian())
        .setStdDidMedian(summary.stdDidMedian())
        .setMeanLogRatioMedian(summary.meanLogRatioMedian())
        .setStdLogRatioMedian(summary.stdLogRatioMedian())
        .setMeanConsistency(summary.meanConsistency())
        .setMeanCompositeScore(summary.meanCompositeScore())
        .addAllLayersWithCandidates(summary.layersWithCandidates())
        .setTopLayer(summary.topLayer())
        .setTopHead(summary.topHead())
        .build();
  }
}
