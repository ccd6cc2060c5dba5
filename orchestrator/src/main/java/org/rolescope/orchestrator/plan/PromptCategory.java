package org.rolescope.orchestrator.plan;

import static java.util.Objects.requireNonNull;

import java.util.List;

/**
 * Prompts about the same kind of subject.
 *
 * @param name for example {@code self_referent}
 * @param prompts the texts; prompts of equal position are paired across categories
 */
public record PromptCategory(String name, List<String> prompts) {
  /**
   * Copies the prompts.
   *
   * @throws org.rolescope.fault.RolescopeException INVALID_ARGUMENT where the name is blank, there
   *     is no prompt, or a prompt is blank
   */
  public PromptCategory {
    requireNonNull(name, "name is null");
    prompts = List.copyOf(prompts);
    Invalid.unless(!name.isBlank(), "A prompt category has no name; give each category one");
    Invalid.unless(
        !prompts.isEmpty(), "Category %s has no prompts; add some or leave it out", name);
    for (int index = 0; index < prompts.size(); index++) {
      Invalid.unless(
          !prompts.get(index).isBlank(),
          "Prompt %d of category %s is empty; write a text there or remove it",
          index + 1,
          name);
    }
  }
}
