package org.rolescope.orchestrator.client;

import org.rolescope.orchestrator.plan.RunPlan;
import org.rolescope.v1.CandidateOptions;
import org.rolescope.v1.EntropyKind;

/** How heads are ranked, as the metrics service takes it. */
public final class CandidateOptionsMessage {
  private CandidateOptionsMessage() {}

  /**
   * Roles and prompts of a plan.
   *
   * @param topK how many heads to give; 0: all
   * @param entropy kind of entropy the ranking rests on
   */
  public static CandidateOptions of(RunPlan plan, int topK, EntropyKind entropy) {
    return CandidateOptions.newBuilder()
        .addAllCategories(plan.promptSet().categoryOfEachPrompt())
        .setRoles(RoleOptionsMessage.roles(plan.roleSettings().roles()))
        .setModelFamily(plan.family())
        .setTopK(topK)
        .setEntropy(entropy)
        .build();
  }
}
