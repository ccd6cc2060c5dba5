package org.rolescope.orchestrator.plan;

import static java.util.Objects.requireNonNull;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Prompts in categories. Prompts are numbered through all categories in order, from 0.
 *
 * @param name name of the set
 * @param categories the categories, in order
 */
public record PromptSet(String name, List<PromptCategory> categories) {
  /**
   * Copies the categories.
   *
   * @throws org.rolescope.fault.RolescopeException INVALID_ARGUMENT where the name is blank, there
   *     is no category, or two share a name
   */
  public PromptSet {
    requireNonNull(name, "name is null");
    categories = List.copyOf(categories);
    Invalid.unless(!name.isBlank(), "The prompt set has no name; give it one");
    Invalid.unless(
        !categories.isEmpty(), "Prompt set %s has no categories; add at least one", name);
    Set<String> seen = new HashSet<>();
    for (PromptCategory category : categories) {
      Invalid.unless(
          seen.add(category.name()),
          "Prompt set %s has category %s twice; join the two or rename one",
          name,
          category.name());
    }
  }

  /** Every prompt, in order. */
  public List<String> texts() {
    return categories.stream().flatMap(category -> category.prompts().stream()).toList();
  }

  /** The category of every prompt, in order of the prompts. */
  public List<String> categoryOfEachPrompt() {
    return categories.stream()
        .flatMap(category -> category.prompts().stream().map(prompt -> category.name()))
        .toList();
  }

  /** Number of prompts in a category; 0 where there is none of that name. */
  public int promptCount(String category) {
    return categories.stream()
        .filter(each -> each.name().equals(category))
        .mapToInt(each -> each.prompts().size())
        .sum();
  }

  /** The category with this name, which must be there. */
  PromptCategory category(String category) {
    return categories.stream()
        .filter(each -> each.name().equals(category))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("no category " + category));
  }

  /** Whether there is a category with this name. */
  public boolean hasCategory(String category) {
    return categories.stream().anyMatch(each -> each.name().equals(category));
  }
}
