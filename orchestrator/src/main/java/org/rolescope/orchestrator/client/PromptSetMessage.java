package org.rolescope.orchestrator.client;

import org.rolescope.orchestrator.plan.PromptCategory;
import org.rolescope.orchestrator.plan.PromptSet;

/** A prompt set as the contract has it. */
public final class PromptSetMessage {
  private PromptSetMessage() {}

  /** The message of a set. */
  public static org.rolescope.v1.PromptSet of(PromptSet set) {
    return org.rolescope.v1.PromptSet.newBuilder()
        .setName(set.name())
        .addAllCategories(set.categories().stream().map(PromptSetMessage::category).toList())
        .build();
  }

  private static org.rolescope.v1.PromptCategory category(PromptCategory category) {
    return org.rolescope.v1.PromptCategory.newBuilder()
        .setName(category.name())
        .addAllPrompts(category.prompts())
        .build();
  }
}
