package org.rolescope.orchestrator.view;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.rolescope.orchestrator.view.RelatedWork.Found;
import org.rolescope.v1.PatchPlan;
import org.rolescope.v1.PatchResults;
import org.rolescope.v1.PatchingScore;

/**
 * What patching found.
 *
 * @param id id of the work
 * @param sourceModel the model patched from
 * @param targetModel the model patched into
 * @param site z, pattern, mlp_out or resid_post
 * @param measure logit_difference or divergence
 * @param sweep whether every place was patched by itself
 * @param pairs number of pairs of prompts
 * @param scores in the order of the candidates; in a sweep by layer and head
 */
public record PatchingInfo(
    String id,
    String sourceModel,
    String targetModel,
    String site,
    String measure,
    boolean sweep,
    int pairs,
    List<Score> scores) {
  /**
   * Places patched at once.
   *
   * @param heads the places
   * @param denoising recovery, source into target
   * @param noising recovery the other way; empty where that was not run
   * @param verdict causal, correlate_only or undecided
   * @param explanation the verdict and its reason
   */
  public record Score(
      List<Place> heads,
      Estimate denoising,
      Optional<Estimate> noising,
      String verdict,
      String explanation) {
    static Score of(PatchingScore score) {
      return new Score(
          score.getHeadsList().stream()
              .map(head -> new Place(head.getLayer(), head.getHead()))
              .toList(),
          Estimate.of(score.getDenoising().getRecovery()),
          HeadRecovery.noising(score),
          CausalWords.of(score.getVerdict()),
          score.getExplanation());
    }
  }

  /**
   * Where something is patched.
   *
   * @param layer the layer
   * @param head the head; 0 for what a layer has once
   */
  public record Place(int layer, int head) {}

  static PatchingInfo of(Found<PatchResults> found) {
    PatchResults results = found.results();
    PatchPlan plan = results.getPlan();
    return new PatchingInfo(
        found.id(),
        results.getSourceModel().getName(),
        results.getTargetModel().getName(),
        word(plan.getSite().name(), "PATCH_SITE_"),
        word(plan.getMeasure().name(), "PATCH_MEASURE_"),
        plan.getCandidatesCount() == 0,
        plan.getPairsCount(),
        results.getScores().getScoresList().stream().map(Score::of).toList());
  }

  private static String word(String constant, String prefix) {
    return constant.substring(prefix.length()).toLowerCase(Locale.ROOT);
  }
}
