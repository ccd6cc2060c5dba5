package org.rolescope.orchestrator.grpc;

import java.util.Optional;
import org.rolescope.fault.FaultCode;
import org.rolescope.fault.RolescopeException;
import org.rolescope.orchestrator.client.PromptOptionsMessage;
import org.rolescope.orchestrator.plan.EntropyName;
import org.rolescope.orchestrator.plan.PromptCategory;
import org.rolescope.orchestrator.plan.PromptSet;
import org.rolescope.orchestrator.plan.RoleCategoryNames;
import org.rolescope.orchestrator.plan.RoleSettings;
import org.rolescope.orchestrator.plan.RunPlan;
import org.rolescope.v1.EntropyKind;
import org.rolescope.v1.RoleCategories;
import org.rolescope.v1.RoleOptions;

/** Plans as callers send them. */
public final class PlanMessages {
  private PlanMessages() {}

  /**
   * Reads a plan.
   *
   * @throws org.rolescope.fault.RolescopeException INVALID_ARGUMENT where it is not valid
   */
  public static RunPlan plan(org.rolescope.v1.RunPlan message) {
    return new RunPlan(
        message.getFamily(),
        message.getBaseModel(),
        Optional.of(message.getInstructModel()).filter(name -> !name.isEmpty()),
        promptSet(message.getPromptSet()),
        settings(message.getOptions()),
        message.getSkipRawPatterns(),
        message.getMaxBatchPrompts(),
        PromptOptionsMessage.read(message.getPromptOptions()));
  }

  private static PromptSet promptSet(org.rolescope.v1.PromptSet message) {
    return new PromptSet(
        message.getName(),
        message.getCategoriesList().stream()
            .map(category -> new PromptCategory(category.getName(), category.getPromptsList()))
            .toList());
  }

  private static RoleSettings settings(RoleOptions message) {
    RoleCategories roles = message.getRoles();
    return new RoleSettings(
        new RoleCategoryNames(roles.getSelf(), roles.getNeutral(), roles.getConfounder()),
        message.getBootstrapResamples(),
        message.getPermutations(),
        message.getSeed(),
        message.getDegenerateBelowNats(),
        message.getUnstableAbove(),
        message.getSignificanceLevel(),
        entropy(message.getEntropy()));
  }

  private static EntropyName entropy(EntropyKind kind) {
    return switch (kind) {
      case ENTROPY_KIND_REFERENCE -> EntropyName.REFERENCE;
      case ENTROPY_KIND_EXACT, ENTROPY_KIND_UNSPECIFIED -> EntropyName.EXACT;
      case ENTROPY_KIND_LENGTH_NORMALISED -> EntropyName.LENGTH_NORMALISED;
      case ENTROPY_KIND_SINK_EXCLUDED -> EntropyName.SINK_EXCLUDED;
      case ENTROPY_KIND_POSITION_MATCHED -> EntropyName.POSITION_MATCHED;
      case ENTROPY_KIND_NORM_WEIGHTED -> EntropyName.NORM_WEIGHTED;
      case UNRECOGNIZED ->
          throw new RolescopeException(
              FaultCode.INVALID_ARGUMENT,
              "The plan names a kind of entropy that is not known here; name one of EntropyKind");
    };
  }
}
