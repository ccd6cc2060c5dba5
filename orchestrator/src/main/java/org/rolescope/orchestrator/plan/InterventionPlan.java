package org.rolescope.orchestrator.plan;

import static java.util.Objects.requireNonNull;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.rolescope.v1.AblatedSite;
import org.rolescope.v1.Ablation;
import org.rolescope.v1.AblationMethod;
import org.rolescope.v1.AnswerTexts;
import org.rolescope.v1.NamedIntervention;

/**
 * Ablations of one model on one prompt set. Two equal plans on the same model are the same work.
 *
 * @param family family name, a part of folder names: 1 to 64 letters, digits, {@code . _ -}
 * @param model name of the model
 * @param promptSet the prompts
 * @param roleSettings how roles are estimated
 * @param interventions what is ablated, each by itself; at least one
 * @param answers two answers to each prompt, in prompt order; empty: no logit difference is
 *     measured
 * @param promptOptions how prompts become tokens
 * @param maxBatchPrompts most prompts in one batch; 0: the service chooses
 */
public record InterventionPlan(
    String family,
    String model,
    PromptSet promptSet,
    RoleSettings roleSettings,
    List<NamedIntervention> interventions,
    List<AnswerTexts> answers,
    PromptOptions promptOptions,
    int maxBatchPrompts) {
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9._-]{1,200}");

  /**
   * Checks everything that can be checked without the model.
   *
   * @throws org.rolescope.fault.RolescopeException INVALID_ARGUMENT where something is not valid
   */
  public InterventionPlan {
    RunPlan.checkFamily(family);
    requireNonNull(promptSet, "promptSet is null");
    requireNonNull(roleSettings, "roleSettings is null");
    requireNonNull(promptOptions, "promptOptions is null");
    interventions = List.copyOf(interventions);
    answers = List.copyOf(answers);
    Invalid.unless(!model.isBlank(), "The plan names no model; give the name of one");
    Invalid.unless(
        maxBatchPrompts >= 0,
        "Option max_batch_prompts is %s; give a smaller number, or 0 to let the service choose",
        Integer.toUnsignedString(maxBatchPrompts));
    roleSettings.roles().checkIn(promptSet);
    checkInterventions(interventions);
    checkAnswers(answers, promptSet);
  }

  private static void checkInterventions(List<NamedIntervention> interventions) {
    Invalid.unless(!interventions.isEmpty(), "The plan has no interventions; add at least one");
    Set<String> names = new HashSet<>();
    for (NamedIntervention intervention : interventions) {
      String name = intervention.getName();
      Invalid.unless(
          NAME.matcher(name).matches() && !name.equals(".") && !name.equals(".."),
          "Intervention name `%s` cannot name a folder; use 1 to 200 letters, digits, `.`, `_` or `-`",
          name);
      Invalid.unless(
          names.add(name), "The plan has intervention %s twice; rename or remove one", name);
      Invalid.unless(
          intervention.getAblationsCount() > 0,
          "Intervention %s ablates nothing; name at least one head, layer or MLP",
          name);
      intervention.getAblationsList().forEach(ablation -> checkAblation(name, ablation));
      checkOverlap(intervention);
    }
  }

  private static void checkAblation(String name, Ablation ablation) {
    AblationMethod method = ablation.getMethod();
    Invalid.unless(
        method != AblationMethod.ABLATION_METHOD_UNSPECIFIED
            && method != AblationMethod.UNRECOGNIZED,
        "Intervention %s names no known method; name one of AblationMethod",
        name);
    switch (ablation.getSite()) {
      case ABLATED_SITE_ATTENTION -> {}
      case ABLATED_SITE_MLP -> checkMlp(name, ablation);
      case ABLATED_SITE_UNSPECIFIED, UNRECOGNIZED ->
          throw Invalid.because(
              "Intervention %s does not say what it ablates; name attention heads or an MLP", name);
    }
  }

  private static void checkMlp(String name, Ablation ablation) {
    Invalid.unless(
        !ablation.hasHead(),
        "Intervention %s names head %s of an MLP, which has none; leave the head out",
        name,
        Integer.toUnsignedString(ablation.getHead()));
    boolean known =
        switch (ablation.getMethod()) {
          case ABLATION_METHOD_ZERO_OUT, ABLATION_METHOD_HALF_OUT, ABLATION_METHOD_MEAN -> true;
          case ABLATION_METHOD_UNIFORM,
              ABLATION_METHOD_RANDOM,
              ABLATION_METHOD_REFERENCE_UNIFORM,
              ABLATION_METHOD_REFERENCE_RANDOM,
              ABLATION_METHOD_UNSPECIFIED,
              UNRECOGNIZED ->
              false;
        };
    Invalid.unless(
        known,
        "Intervention %s ablates an MLP by a method for attention; use zero_out, half_out or mean",
        name);
  }

  /** No head, and no MLP, is ablated in two ways at once. */
  private static void checkOverlap(NamedIntervention intervention) {
    List<Ablation> ablations = intervention.getAblationsList();
    for (int later = 1; later < ablations.size(); later++) {
      for (Ablation earlier : ablations.subList(0, later)) {
        Invalid.unless(
            !overlap(earlier, ablations.get(later)),
            "Intervention %s ablates %s twice; leave one of them out",
            intervention.getName(),
            words(ablations.get(later)));
      }
    }
  }

  private static boolean overlap(Ablation one, Ablation other) {
    return one.getSite() == other.getSite()
        && one.getLayer() == other.getLayer()
        && (!one.hasHead() || !other.hasHead() || one.getHead() == other.getHead());
  }

  private static String words(Ablation ablation) {
    String layer = " of layer " + Integer.toUnsignedString(ablation.getLayer());
    if (ablation.getSite() == AblatedSite.ABLATED_SITE_MLP) {
      return "the MLP" + layer;
    }
    return ablation.hasHead()
        ? "head " + Integer.toUnsignedString(ablation.getHead()) + layer
        : "attention" + layer;
  }

  private static void checkAnswers(List<AnswerTexts> answers, PromptSet promptSet) {
    int prompts = promptSet.texts().size();
    Invalid.unless(
        answers.isEmpty() || answers.size() == prompts,
        "The plan has answers to %d of %d prompts; give two to each prompt, or none",
        answers.size(),
        prompts);
    for (int prompt = 0; prompt < answers.size(); prompt++) {
      Invalid.unless(
          !answers.get(prompt).getFirst().isEmpty() && !answers.get(prompt).getSecond().isEmpty(),
          "An answer to prompt %d is empty; write a text there",
          prompt);
    }
  }
}
