package org.rolescope.metrics.grpc;

import java.util.List;
import java.util.Optional;
import org.rolescope.fault.RolescopeException;
import org.rolescope.metrics.patching.CausalVerdict;
import org.rolescope.metrics.patching.DirectionScore;
import org.rolescope.metrics.patching.HeadSite;
import org.rolescope.metrics.patching.PatchedHeads;
import org.rolescope.metrics.patching.PatchingAnalysis;
import org.rolescope.metrics.patching.PatchingEndpoints;
import org.rolescope.metrics.patching.PatchingOptions;
import org.rolescope.metrics.patching.PatchingScore;
import org.rolescope.v1.ScorePatchingRequest;
import org.rolescope.v1.ScorePatchingResponse;

/** Converts patching scores from and to messages; what a caller leaves out is filled in. */
final class PatchingMessages {
  private PatchingMessages() {}

  /**
   * The answer to a request.
   *
   * @throws RolescopeException INVALID_ARGUMENT where the scores cannot be used
   */
  static ScorePatchingResponse answer(ScorePatchingRequest request) {
    PatchingOptions options = options(request.getOptions());
    PatchingAnalysis analysis =
        new PatchingAnalysis(
            options,
            endpoints(request.getDenoising()),
            request.hasNoising() ? Optional.of(endpoints(request.getNoising())) : Optional.empty());
    List<PatchingScore> scores =
        analysis.score(patches(request.getCandidatesList()), patches(request.getRandomHeadsList()));
    return ScorePatchingResponse.newBuilder()
        .setOptions(message(options))
        .addAllScores(scores.stream().map(PatchingMessages::message).toList())
        .build();
  }

  private static PatchingOptions options(org.rolescope.v1.PatchingOptions message) {
    return new PatchingOptions(
        OptionMessages.resamples(message.getBootstrapResamples()),
        message.getSeed(),
        OptionMessages.orDefault(
            message.getSignificanceLevel(), PatchingOptions.DEFAULT_SIGNIFICANCE_LEVEL),
        OptionMessages.orDefault(
            message.getEquivalenceBound(), PatchingOptions.DEFAULT_EQUIVALENCE_BOUND));
  }

  private static org.rolescope.v1.PatchingOptions message(PatchingOptions options) {
    return org.rolescope.v1.PatchingOptions.newBuilder()
        .setBootstrapResamples(options.bootstrapResamples())
        .setSeed(options.seed())
        .setSignificanceLevel(options.significanceLevel())
        .setEquivalenceBound(options.equivalenceBound())
        .build();
  }

  private static PatchingEndpoints endpoints(org.rolescope.v1.PatchingEndpoints message) {
    return new PatchingEndpoints(message.getSourceList(), message.getTargetList());
  }

  private static List<PatchedHeads> patches(List<org.rolescope.v1.PatchedHeads> messages) {
    return messages.stream()
        .map(
            patch ->
                new PatchedHeads(
                    patch.getHeadsList().stream()
                        .map(site -> new HeadSite(site.getLayer(), site.getHead()))
                        .toList(),
                    patch.getDenoisedList(),
                    patch.getNoisedList()))
        .toList();
  }

  private static org.rolescope.v1.PatchingScore message(PatchingScore score) {
    org.rolescope.v1.PatchingScore.Builder message =
        org.rolescope.v1.PatchingScore.newBuilder()
            .addAllHeads(score.heads().stream().map(PatchingMessages::message).toList())
            .setDenoising(message(score.denoising()))
            .setVerdict(wireVerdict(score.verdict()))
            .setExplanation(score.explanation());
    score.noising().ifPresent(noising -> message.setNoising(message(noising)));
    return message.build();
  }

  private static org.rolescope.v1.HeadSite message(HeadSite site) {
    return org.rolescope.v1.HeadSite.newBuilder()
        .setLayer(site.layer())
        .setHead(site.head())
        .build();
  }

  private static org.rolescope.v1.DirectionScore message(DirectionScore score) {
    return org.rolescope.v1.DirectionScore.newBuilder()
        .setRecovery(RoleMessages.message(score.recovery()))
        .addAllRecoveryByPrompt(score.byPrompt())
        .setDefinedCount(score.definedCount())
        .setNullCount(score.chance().count())
        .setPValue(score.chance().rankPValue())
        .setQValue(score.chance().rankQValue())
        .setNullQuantile(score.chance().quantile())
        .setExcessPValue(score.chance().excessPValue())
        .setExcessQValue(score.chance().excessQValue())
        .build();
  }

  private static org.rolescope.v1.CausalVerdict wireVerdict(CausalVerdict verdict) {
    return switch (verdict) {
      case CAUSAL -> org.rolescope.v1.CausalVerdict.CAUSAL_VERDICT_CAUSAL;
      case CORRELATE_ONLY -> org.rolescope.v1.CausalVerdict.CAUSAL_VERDICT_CORRELATE_ONLY;
      case UNDECIDED -> org.rolescope.v1.CausalVerdict.CAUSAL_VERDICT_UNDECIDED;
    };
  }
}
