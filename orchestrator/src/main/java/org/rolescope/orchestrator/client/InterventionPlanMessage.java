package org.rolescope.orchestrator.client;

import org.rolescope.orchestrator.plan.InterventionPlan;

/** Ablation plans as the contract has them. */
public final class InterventionPlanMessage {
  private InterventionPlanMessage() {}

  /** The contract's form of a plan, with all defaults filled in. */
  public static org.rolescope.v1.InterventionPlan of(InterventionPlan plan) {
    return org.rolescope.v1.InterventionPlan.newBuilder()
        .setFamily(plan.family())
        .setModel(plan.model())
        .setPromptSet(PromptSetMessage.of(plan.promptSet()))
        .setOptions(RoleOptionsMessage.of(plan.promptSet(), plan.roleSettings()))
        .addAllInterventions(plan.interventions())
        .addAllAnswers(plan.answers())
        .setPromptOptions(PromptOptionsMessage.of(plan.promptOptions()))
        .setMaxBatchPrompts(plan.maxBatchPrompts())
        .build();
  }
}
