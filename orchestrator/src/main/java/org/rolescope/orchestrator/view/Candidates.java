package org.rolescope.orchestrator.view;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.rolescope.orchestrator.artifacts.EntropyNames;
import org.rolescope.v1.AblatedSite;
import org.rolescope.v1.Ablation;
import org.rolescope.v1.AblationMethod;
import org.rolescope.v1.Candidate;
import org.rolescope.v1.EntropyKind;
import org.rolescope.v1.HeadSite;
import org.rolescope.v1.InterventionEffect;
import org.rolescope.v1.PatchSite;
import org.rolescope.v1.PatchingScore;
import org.rolescope.v1.RankCandidatesResponse;

/**
 * Heads ranked as candidates for patching.
 *
 * @param rankedCount heads ranked
 * @param entropy kind of entropy the ranking rests on
 * @param candidates by rank
 * @param causes what the report on causes found; empty where there is none
 */
public record Candidates(
    int rankedCount,
    String entropy,
    List<CandidateRow> candidates,
    Optional<CausesSummary> causes) {
  /** Copies the list. */
  public Candidates {
    candidates = List.copyOf(candidates);
  }

  /**
   * What the report on causes found.
   *
   * @param verdict in a few sentences
   * @param rule the rule of its verdicts
   */
  public record CausesSummary(String verdict, String rule) {}

  /**
   * One candidate. What the numbers are: {@code rolescope.v1.Candidate}.
   *
   * @param rank from 1
   * @param layer the layer
   * @param head the head
   * @param didMedian nats
   * @param didLogRatioMedian median log ratio of self minus neutral
   * @param didConsistency share of pairs with the commoner sign
   * @param baselineEntropy nats
   * @param compositeScore score of the rank
   * @param wilcoxonPValue p-value of the difference-in-differences
   * @param qValue the same over all heads
   * @param ablation zero_out of the newer model; empty where that was not done
   * @param patching verdict on the head; empty where it was not patched
   */
  public record CandidateRow(
      int rank,
      int layer,
      int head,
      double didMedian,
      double didLogRatioMedian,
      double didConsistency,
      double baselineEntropy,
      double compositeScore,
      @JsonProperty("wilcoxon_p_value") double wilcoxonPValue,
      double qValue,
      Optional<CandidateAblation> ablation,
      Optional<CandidatePatching> patching) {}

  /**
   * What ablation does.
   *
   * @param divergences a row a category
   */
  public record CandidateAblation(List<Divergence> divergences) {}

  /**
   * What patching does.
   *
   * @param denoising recovery, source into target
   * @param noising recovery the other way; empty where that was not run
   * @param verdict causal, correlate_only or undecided
   * @param explanation the verdict and its reason
   */
  public record CandidatePatching(
      Estimate denoising, Optional<Estimate> noising, String verdict, String explanation) {
    static CandidatePatching of(PatchingScore score) {
      return new CandidatePatching(
          Estimate.of(score.getDenoising().getRecovery()),
          HeadRecovery.noising(score),
          CausalWords.of(score.getVerdict()),
          score.getExplanation());
    }
  }

  /**
   * Puts the table together.
   *
   * @param ranking the heads
   * @param entropy kind of entropy they were ranked by
   * @param work what is known of them beside
   * @param newer digest of the newer model, whose ablations count
   */
  static Candidates of(
      RankCandidatesResponse ranking, EntropyKind entropy, RelatedWork work, String newer) {
    return new Candidates(
        ranking.getRankedCount(),
        EntropyNames.name(entropy),
        ranking.getCandidatesList().stream().map(each -> row(each, work, newer)).toList(),
        work.causes().map(report -> new CausesSummary(report.getVerdict(), report.getRule())));
  }

  private static CandidateRow row(Candidate candidate, RelatedWork work, String newer) {
    HeadSite head =
        HeadSite.newBuilder().setLayer(candidate.getLayer()).setHead(candidate.getHead()).build();
    return new CandidateRow(
        candidate.getRank(),
        candidate.getLayer(),
        candidate.getHead(),
        candidate.getDidMedian(),
        candidate.getDidLogRatioMedian(),
        candidate.getDidConsistency(),
        candidate.getBaselineEntropy(),
        candidate.getCompositeScore(),
        candidate.getWilcoxonPValue(),
        candidate.getQValue(),
        ablations(work, newer)
            .filter(effect -> zeroesOut(effect, head))
            .findFirst()
            .map(effect -> new CandidateAblation(Divergence.of(effect))),
        patches(work).filter(score -> isOf(score, head)).findFirst().map(CandidatePatching::of));
  }

  private static Stream<InterventionEffect> ablations(RelatedWork work, String newer) {
    return Stream.concat(
        work.causes().stream()
            .flatMap(report -> report.getCandidatesList().stream())
            .map(each -> each.getAblation()),
        work.ablations().stream()
            .map(RelatedWork.Found::results)
            .filter(ablated -> ablated.getModel().getDigest().equals(newer))
            .flatMap(ablated -> ablated.getEffectsList().stream()));
  }

  /** Verdicts of the report on causes first; a sweep gives none, so it comes last. */
  private static Stream<PatchingScore> patches(RelatedWork work) {
    Stream<PatchingScore> asked =
        work.patches().stream()
            .map(RelatedWork.Found::results)
            .filter(patch -> patch.getPlan().getSite() == PatchSite.PATCH_SITE_Z)
            .filter(patch -> patch.getPlan().getCandidatesCount() > 0)
            .flatMap(patch -> patch.getScores().getScoresList().stream());
    return Stream.of(
            work.causes().stream()
                .flatMap(report -> report.getCandidatesList().stream())
                .map(each -> each.getPatching()),
            asked,
            work.sweep().stream().flatMap(sweep -> sweep.getScores().getScoresList().stream()))
        .flatMap(scores -> scores);
  }

  private static boolean isOf(PatchingScore score, HeadSite head) {
    return score.getHeadsCount() == 1 && score.getHeads(0).equals(head);
  }

  private static boolean zeroesOut(InterventionEffect effect, HeadSite head) {
    List<Ablation> ablations = effect.getIntervention().getAblationsList();
    return ablations.size() == 1
        && ablations.getFirst().getSite() == AblatedSite.ABLATED_SITE_ATTENTION
        && ablations.getFirst().getMethod() == AblationMethod.ABLATION_METHOD_ZERO_OUT
        && ablations.getFirst().hasHead()
        && ablations.getFirst().getLayer() == head.getLayer()
        && ablations.getFirst().getHead() == head.getHead();
  }
}
