package org.rolescope.metrics.confound;

import java.util.List;
import java.util.stream.IntStream;
import org.rolescope.metrics.role.PromptIndices;
import org.rolescope.metrics.stats.MannWhitney;
import org.rolescope.metrics.stats.Samples;

/**
 * How the lengths of two categories differ. With few prompts a real difference may go unnoticed:
 * balanced means that none was found.
 *
 * @param differenceTokens mean of the first category minus mean of the second, tokens
 * @param pValue two-sided Mann-Whitney p-value, see {@link MannWhitney}
 * @param balanced the p-value is not below the level of significance
 */
public record LengthBalance(double differenceTokens, double pValue, boolean balanced) {
  /**
   * Compares two categories.
   *
   * @param first prompts of the first category
   * @param second prompts of the second category
   * @param tokenCounts number of tokens of each prompt
   * @param significanceLevel level of significance
   */
  static LengthBalance of(
      PromptIndices first,
      PromptIndices second,
      List<Integer> tokenCounts,
      double significanceLevel) {
    double[] firstTokens = tokens(first, tokenCounts);
    double[] secondTokens = tokens(second, tokenCounts);
    double pValue = MannWhitney.pValue(firstTokens, secondTokens);
    return new LengthBalance(
        Samples.mean(firstTokens) - Samples.mean(secondTokens),
        pValue,
        pValue >= significanceLevel);
  }

  private static double[] tokens(PromptIndices prompts, List<Integer> tokenCounts) {
    return IntStream.range(0, prompts.size())
        .mapToDouble(position -> tokenCounts.get(prompts.at(position)))
        .toArray();
  }
}
