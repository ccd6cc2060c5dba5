package org.rolescope.metrics.confound;

import static java.util.Objects.requireNonNull;

import java.util.IntSummaryStatistics;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Lengths of the prompts of one category, in tokens.
 *
 * @param category the category
 * @param promptCount number of prompts; at least 1
 * @param meanTokens mean length
 * @param minTokens shortest prompt
 * @param maxTokens longest prompt
 */
public record CategoryLengths(
    String category, int promptCount, double meanTokens, int minTokens, int maxTokens) {
  /** Checks that there is a name. */
  public CategoryLengths {
    requireNonNull(category, "category is null");
  }

  /**
   * The lengths of each category, in the order the categories first appear.
   *
   * @param categories category of each prompt
   * @param tokenCounts number of tokens of each prompt
   */
  static List<CategoryLengths> of(List<String> categories, List<Integer> tokenCounts) {
    return categories.stream()
        .distinct()
        .map(category -> of(category, categories, tokenCounts))
        .toList();
  }

  private static CategoryLengths of(
      String category, List<String> categories, List<Integer> tokenCounts) {
    IntSummaryStatistics lengths =
        IntStream.range(0, categories.size())
            .filter(prompt -> categories.get(prompt).equals(category))
            .map(tokenCounts::get)
            .summaryStatistics();
    return new CategoryLengths(
        category,
        (int) lengths.getCount(),
        lengths.getAverage(),
        lengths.getMin(),
        lengths.getMax());
  }
}
