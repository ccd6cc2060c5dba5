package org.rolescope.orchestrator.client;

import org.rolescope.orchestrator.plan.EntropyName;
import org.rolescope.orchestrator.plan.PromptSet;
import org.rolescope.orchestrator.plan.RoleCategoryNames;
import org.rolescope.orchestrator.plan.RoleSettings;
import org.rolescope.orchestrator.plan.RunPlan;
import org.rolescope.v1.EntropyKind;
import org.rolescope.v1.RoleCategories;
import org.rolescope.v1.RoleOptions;

/** Role settings as the metrics service takes them. */
public final class RoleOptionsMessage {
  private RoleOptionsMessage() {}

  /** The settings of a plan with the category of each of its prompts. */
  public static RoleOptions of(RunPlan plan) {
    return of(plan.promptSet(), plan.roleSettings());
  }

  /** The settings with the category of each prompt of a set. */
  public static RoleOptions of(PromptSet promptSet, RoleSettings settings) {
    return RoleOptions.newBuilder()
        .addAllCategories(promptSet.categoryOfEachPrompt())
        .setRoles(roles(settings.roles()))
        .setBootstrapResamples(settings.bootstrapResamples())
        .setPermutations(settings.permutations())
        .setSeed(settings.seed())
        .setDegenerateBelowNats(settings.degenerateBelowNats())
        .setUnstableAbove(settings.unstableAbove())
        .setSignificanceLevel(settings.significanceLevel())
        .setEntropy(kind(settings.entropy()))
        .build();
  }

  /** The contract's name of a kind of entropy. */
  public static EntropyKind kind(EntropyName entropy) {
    return switch (entropy) {
      case REFERENCE -> EntropyKind.ENTROPY_KIND_REFERENCE;
      case EXACT -> EntropyKind.ENTROPY_KIND_EXACT;
      case LENGTH_NORMALISED -> EntropyKind.ENTROPY_KIND_LENGTH_NORMALISED;
      case SINK_EXCLUDED -> EntropyKind.ENTROPY_KIND_SINK_EXCLUDED;
      case POSITION_MATCHED -> EntropyKind.ENTROPY_KIND_POSITION_MATCHED;
      case NORM_WEIGHTED -> EntropyKind.ENTROPY_KIND_NORM_WEIGHTED;
    };
  }

  static RoleCategories roles(RoleCategoryNames names) {
    return RoleCategories.newBuilder()
        .setSelf(names.self())
        .setNeutral(names.neutral())
        .setConfounder(names.confounder())
        .build();
  }
}
