package org.rolescope.orchestrator.testing;

import java.util.Arrays;
import java.util.List;
import org.rolescope.orchestrator.plan.InterventionPlan;
import org.rolescope.orchestrator.plan.PromptOptions;
import org.rolescope.orchestrator.plan.RoleSettings;
import org.rolescope.v1.AblatedSite;
import org.rolescope.v1.Ablation;
import org.rolescope.v1.AblationMethod;
import org.rolescope.v1.AnswerTexts;
import org.rolescope.v1.NamedIntervention;

/** Ablation plans for the models of {@link Bench}. */
public final class AblationPlans {
  private AblationPlans() {}

  /** A head, an MLP and a mean, from the first layer to the last. */
  public static InterventionPlan several() {
    return of(
        named("sh_1_0_zero_out", head(1, 0, AblationMethod.ABLATION_METHOD_ZERO_OUT)),
        named("mlp_0_mean", mlp(0, AblationMethod.ABLATION_METHOD_MEAN)),
        named(
            "both",
            head(2, 1, AblationMethod.ABLATION_METHOD_MEAN),
            layer(1, AblationMethod.ABLATION_METHOD_UNIFORM)));
  }

  public static InterventionPlan of(NamedIntervention... interventions) {
    return answered(List.of(), interventions);
  }

  public static InterventionPlan answered(
      List<AnswerTexts> answers, NamedIntervention... interventions) {
    return new InterventionPlan(
        "tiny",
        "tiny-base",
        Plans.prompts(),
        RoleSettings.defaults().withSeed(7),
        List.of(interventions),
        answers,
        PromptOptions.DEFAULT,
        0);
  }

  public static NamedIntervention named(String name, Ablation... ablations) {
    return NamedIntervention.newBuilder()
        .setName(name)
        .addAllAblations(Arrays.asList(ablations))
        .build();
  }

  public static Ablation head(int layer, int head, AblationMethod method) {
    return layer(layer, method).toBuilder().setHead(head).build();
  }

  public static Ablation layer(int layer, AblationMethod method) {
    return Ablation.newBuilder()
        .setSite(AblatedSite.ABLATED_SITE_ATTENTION)
        .setLayer(layer)
        .setMethod(method)
        .build();
  }

  public static Ablation mlp(int layer, AblationMethod method) {
    return layer(layer, method).toBuilder().setSite(AblatedSite.ABLATED_SITE_MLP).build();
  }

  public static AnswerTexts answer(String first, String second) {
    return AnswerTexts.newBuilder().setFirst(first).setSecond(second).build();
  }
}
