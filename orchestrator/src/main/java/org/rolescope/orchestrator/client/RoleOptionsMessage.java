package org.rolescope.orchestrator.client;

import org.rolescope.orchestrator.plan.RoleCategoryNames;
import org.rolescope.orchestrator.plan.RoleSettings;
import org.rolescope.orchestrator.plan.RunPlan;
import org.rolescope.v1.RoleCategories;
import org.rolescope.v1.RoleOptions;

/** Role settings as the metrics service takes them. */
public final class RoleOptionsMessage {
  private RoleOptionsMessage() {}

  /** The settings of a plan with the category of each of its prompts. */
  public static RoleOptions of(RunPlan plan) {
    RoleSettings settings = plan.roleSettings();
    return RoleOptions.newBuilder()
        .addAllCategories(plan.promptSet().categoryOfEachPrompt())
        .setRoles(roles(settings.roles()))
        .setBootstrapResamples(settings.bootstrapResamples())
        .setPermutations(settings.permutations())
        .setSeed(settings.seed())
        .setDegenerateBelowNats(settings.degenerateBelowNats())
        .setUnstableAbove(settings.unstableAbove())
        .setSignificanceLevel(settings.significanceLevel())
        .build();
  }

  static RoleCategories roles(RoleCategoryNames names) {
    return RoleCategories.newBuilder()
        .setSelf(names.self())
        .setNeutral(names.neutral())
        .setConfounder(names.confounder())
        .build();
  }
}
