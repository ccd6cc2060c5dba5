package org.rolescope.orchestrator.client;

import org.rolescope.orchestrator.plan.PromptCategory;
import org.rolescope.orchestrator.plan.PromptSet;

/** Prompt sets as the contract has them. */
public final class PromptSetMessage {
  private PromptSetMessage() {}

  /** The contract's form of a set. */
  public static org.rolescope.v1.PromptSet of(PromptSet promptSet) {
    org.rolescope.v1.PromptSet.Builder message =
        org.rolescope.v1.PromptSet.newBuilder().setName(promptSet.name());
    promptSet
        .categories()
        .forEach(
            category ->
                message
                    .addCategoriesBuilder()
                    .setName(category.name())
                    .addAllPrompts(category.prompts()));
    return message.build();
  }

  /**
   * Reads the contract's form.
   *
   * @throws org.rolescope.fault.RolescopeException INVALID_ARGUMENT where it is no valid set
   */
  public static PromptSet read(org.rolescope.v1.PromptSet message) {
    return new PromptSet(
        message.getName(),
        message.getCategoriesList().stream()
            .map(category -> new PromptCategory(category.getName(), category.getPromptsList()))
            .toList());
  }
}
