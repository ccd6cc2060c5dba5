package org.rolescope.metrics.confound;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.Optional;
import org.rolescope.metrics.role.RoleIndex;
import org.rolescope.metrics.role.RoleOptions;
import org.rolescope.metrics.role.RolePrompts;

/**
 * What is known of the lengths of prompts.
 *
 * @param categories lengths of each category
 * @param rfc how self and neutral prompts differ
 * @param rsi how self and confounder prompts differ; nothing where there are no confounder prompts
 * @param differBetweenModels the two models split some prompt into different numbers of tokens
 */
record PromptLengths(
    List<CategoryLengths> categories,
    LengthBalance rfc,
    Optional<LengthBalance> rsi,
    boolean differBetweenModels) {
  PromptLengths {
    categories = List.copyOf(categories);
    requireNonNull(rfc, "rfc is null");
    requireNonNull(rsi, "rsi is null");
  }

  /**
   * Compares the categories.
   *
   * @param options names the category of each prompt
   * @param tokenCounts number of tokens of each prompt
   * @param differBetweenModels whether the other model has other counts
   */
  static PromptLengths of(
      RoleOptions options, List<Integer> tokenCounts, boolean differBetweenModels) {
    RolePrompts prompts = RolePrompts.of(options);
    double level = options.significanceLevel();
    return new PromptLengths(
        CategoryLengths.of(options.categories(), tokenCounts),
        LengthBalance.of(prompts.self(), prompts.neutral(), tokenCounts, level),
        prompts.indices().contains(RoleIndex.RSI)
            ? Optional.of(
                LengthBalance.of(prompts.self(), prompts.confounder(), tokenCounts, level))
            : Optional.empty(),
        differBetweenModels);
  }

  /** Mean length of a category that has prompts, tokens. */
  double meanTokens(String category) {
    return categories.stream()
        .filter(lengths -> lengths.category().equals(category))
        .findFirst()
        .orElseThrow()
        .meanTokens();
  }
}
