package org.rolescope.orchestrator.grpc;

import java.util.Optional;
import org.rolescope.fault.FaultCode;
import org.rolescope.fault.RolescopeException;
import org.rolescope.orchestrator.client.PromptOptionsMessage;
import org.rolescope.orchestrator.client.PromptSetMessage;
import org.rolescope.orchestrator.client.RoleOptionsMessage;
import org.rolescope.orchestrator.plan.EntropyName;
import org.rolescope.orchestrator.plan.InterventionPlan;
import org.rolescope.orchestrator.plan.RoleCategoryNames;
import org.rolescope.orchestrator.plan.RoleSettings;
import org.rolescope.orchestrator.plan.RunPlan;
import org.rolescope.v1.EntropyKind;
import org.rolescope.v1.RoleCategories;
import org.rolescope.v1.RoleOptions;

/** Plans as callers send them, and are told of them. */
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
        PromptSetMessage.read(message.getPromptSet()),
        settings(message.getOptions()),
        message.getSkipRawPatterns(),
        message.getMaxBatchPrompts(),
        PromptOptionsMessage.read(message.getPromptOptions()));
  }

  /**
   * Reads an ablation plan.
   *
   * @throws org.rolescope.fault.RolescopeException INVALID_ARGUMENT where it is not valid
   */
  public static InterventionPlan plan(org.rolescope.v1.InterventionPlan message) {
    return new InterventionPlan(
        message.getFamily(),
        message.getModel(),
        PromptSetMessage.read(message.getPromptSet()),
        settings(message.getOptions()),
        message.getInterventionsList(),
        message.getAnswersList(),
        PromptOptionsMessage.read(message.getPromptOptions()),
        message.getMaxBatchPrompts());
  }

  /** The contract's form of a plan. */
  static org.rolescope.v1.RunPlan message(RunPlan plan) {
    return org.rolescope.v1.RunPlan.newBuilder()
        .setFamily(plan.family())
        .setBaseModel(plan.baseModel())
        .setInstructModel(plan.instructModel().orElse(""))
        .setPromptSet(PromptSetMessage.of(plan.promptSet()))
        .setOptions(RoleOptionsMessage.of(plan))
        .setSkipRawPatterns(plan.skipRawPatterns())
        .setMaxBatchPrompts(plan.maxBatchPrompts())
        .setPromptOptions(PromptOptionsMessage.of(plan.promptOptions()))
        .build();
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
