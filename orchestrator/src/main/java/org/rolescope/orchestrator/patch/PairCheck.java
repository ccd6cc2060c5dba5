package org.rolescope.orchestrator.patch;

import static java.util.Objects.requireNonNull;

import java.util.List;
import org.rolescope.orchestrator.client.FirstTokens;
import org.rolescope.orchestrator.client.InferenceClient;
import org.rolescope.orchestrator.client.PromptOptionsMessage;
import org.rolescope.orchestrator.plan.Invalid;
import org.rolescope.orchestrator.plan.PromptOptions;
import org.rolescope.v1.AnswerTokens;
import org.rolescope.v1.Model;
import org.rolescope.v1.PatchMeasure;
import org.rolescope.v1.PatchPlan;
import org.rolescope.v1.PromptPair;
import org.rolescope.v1.TokenizedPrompt;

/**
 * Has the prompts and answers of a plan tokenised, which shows what is wrong with them before
 * anything is run.
 *
 * @param inference who tokenises
 * @param plan the plan, filled in
 * @param models its models
 */
record PairCheck(InferenceClient inference, PatchPlan plan, PatchedModels models) {
  PairCheck {
    requireNonNull(inference, "inference is null");
    requireNonNull(plan, "plan is null");
    requireNonNull(models, "models is null");
  }

  /**
   * Checks the pairs.
   *
   * @return the first token of each answer, [pair]; empty where no logit difference is measured
   * @throws org.rolescope.fault.RolescopeException INVALID_ARGUMENT where the prompts of a pair
   *     have different token counts, or its answers begin with the same token or, in the two
   *     models, with different ones
   */
  List<AnswerTokens> answers() {
    checkLengths();
    if (plan.getMeasure() != PatchMeasure.PATCH_MEASURE_LOGIT_DIFFERENCE) {
      return List.of();
    }
    List<AnswerTokens> answers = tokens(models.source());
    Invalid.unless(
        models.source().equals(models.target()) || tokens(models.target()).equals(answers),
        "Models %s and %s begin the answers with different tokens; measure the divergence",
        models.source().getName(),
        models.target().getName());
    return answers;
  }

  private void checkLengths() {
    PromptOptions options = PromptOptionsMessage.read(plan.getPromptOptions());
    List<TokenizedPrompt> sources =
        inference.tokenize(
            models.source().getName(), Direction.DENOISING.promptsFrom(plan), options);
    List<TokenizedPrompt> targets =
        inference.tokenize(
            models.target().getName(), Direction.DENOISING.promptsInto(plan), options);
    for (int pair = 0; pair < sources.size(); pair++) {
      Invalid.unless(
          sources.get(pair).getTokenIdsCount() == targets.get(pair).getTokenIdsCount(),
          "The prompts of pair %d have %d and %d tokens (%s; %s), but are patched position by position; make them equally long or leave that pair out",
          pair + 1,
          sources.get(pair).getTokenIdsCount(),
          targets.get(pair).getTokenIdsCount(),
          plan.getPairs(pair).getSource(),
          plan.getPairs(pair).getTarget());
    }
  }

  private List<AnswerTokens> tokens(Model model) {
    return new FirstTokens(inference, model.getName())
        .of(plan.getPairsList().stream().map(PromptPair::getAnswers).toList());
  }
}
