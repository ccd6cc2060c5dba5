package org.rolescope.orchestrator.intervene;

import static java.util.Objects.requireNonNull;

import java.util.List;
import org.rolescope.orchestrator.client.PromptOptionsMessage;
import org.rolescope.orchestrator.plan.InterventionPlan;
import org.rolescope.orchestrator.plan.PromptCategory;
import org.rolescope.v1.AblatedSite;
import org.rolescope.v1.CaptureRequest;
import org.rolescope.v1.Intervention;
import org.rolescope.v1.LayerRange;
import org.rolescope.v1.MeasureEntropiesRequest;
import org.rolescope.v1.Model;
import org.rolescope.v1.Tap;

/**
 * What an ablation run asks the services for.
 *
 * @param plan the plan
 * @param model its model
 */
record InterventionRequests(InterventionPlan plan, Model model) {
  /** Most bytes of logits in one tensor, which is held in memory here. */
  private static final long MAX_LOGIT_BYTES = 64L << 20;

  InterventionRequests {
    requireNonNull(plan, "plan is null");
    requireNonNull(model, "model is null");
  }

  /** All prompts, of which only the tokens are wanted. */
  CaptureRequest prompts() {
    return capture(texts(), plan.maxBatchPrompts())
        .addTaps(Tap.TAP_PATTERN)
        .setLayers(layers(0, 0))
        .build();
  }

  /**
   * Entropies of all prompts.
   *
   * @param firstLayer first layer wanted; all from there to the last are
   * @param interventions what is changed; may be empty
   */
  MeasureEntropiesRequest entropies(int firstLayer, List<Intervention> interventions) {
    return MeasureEntropiesRequest.newBuilder()
        .setModel(model.getName())
        .addAllPrompts(texts())
        .setLayers(layers(firstLayer, model.getLayerCount() - 1))
        .setMaxBatchPrompts(plan.maxBatchPrompts())
        .setNormWeighted(model.getTapsList().contains(Tap.TAP_VALUE_NORM))
        .setPromptOptions(PromptOptionsMessage.of(plan.promptOptions()))
        .addAllInterventions(interventions)
        .build();
  }

  /**
   * Logits of all prompts, in batches that fit into memory here.
   *
   * @param interventions what is changed; may be empty
   */
  CaptureRequest logits(List<Intervention> interventions) {
    long rowBytes = Math.max(1, model.getVocabularySize()) * (long) Float.BYTES;
    int fitting = Math.toIntExact(Math.max(1, MAX_LOGIT_BYTES / rowBytes));
    int most = plan.maxBatchPrompts() == 0 ? fitting : Math.min(fitting, plan.maxBatchPrompts());
    return capture(texts(), most)
        .addTaps(Tap.TAP_LOGITS)
        .addAllInterventions(interventions)
        .build();
  }

  /** Outputs of a place for the neutral prompts. */
  CaptureRequest outputs(MeanOutputs.Place place) {
    return capture(neutralTexts(), plan.maxBatchPrompts())
        .addTaps(place.site() == AblatedSite.ABLATED_SITE_MLP ? Tap.TAP_MLP_OUT : Tap.TAP_Z)
        .setLayers(layers(place.layer(), place.layer()))
        .build();
  }

  /** An empty mean of the outputs of a place. */
  PositionMean mean(MeanOutputs.Place place) {
    int prompts = neutralTexts().size();
    return place.site() == AblatedSite.ABLATED_SITE_MLP
        ? new PositionMean("mlp_out", prompts, model.getHiddenSize())
        : new PositionMean("z", prompts, model.getHeadCount() * model.getHeadSize());
  }

  private CaptureRequest.Builder capture(List<String> prompts, int maxBatchPrompts) {
    return CaptureRequest.newBuilder()
        .setModel(model.getName())
        .addAllPrompts(prompts)
        .setMaxBatchPrompts(maxBatchPrompts)
        .setPromptOptions(PromptOptionsMessage.of(plan.promptOptions()));
  }

  private List<String> texts() {
    return plan.promptSet().texts();
  }

  private List<String> neutralTexts() {
    String neutral = plan.roleSettings().roles().neutral();
    return plan.promptSet().categories().stream()
        .filter(category -> category.name().equals(neutral))
        .map(PromptCategory::prompts)
        .findFirst()
        .orElseThrow();
  }

  private static LayerRange layers(int first, int last) {
    return LayerRange.newBuilder().setFirst(first).setLast(last).build();
  }
}
