package org.rolescope.cli.family;

import java.util.List;
import java.util.stream.Stream;
import org.rolescope.v1.PromptCategory;
import org.rolescope.v1.RunPlan;

/**
 * How much each model of a run has to compute. Tokens are estimated from characters, because a
 * tokenizer may not be there yet.
 *
 * @param promptCount prompts
 * @param tokenCount tokens of all prompts, estimated
 * @param squaredTokenCount sum over prompts of the square of their tokens, estimated: the size of
 *     an attention pattern a head
 * @param verifiedTokenCount tokens of the prompts it is verified with, estimated; 0 where it is not
 * @param keepsPatterns whether the patterns are written, which takes a pass of their own
 */
public record Workload(
    int promptCount,
    long tokenCount,
    long squaredTokenCount,
    long verifiedTokenCount,
    boolean keepsPatterns) {
  private static final int CHARACTERS_A_TOKEN = 4;

  /**
   * The work of a plan.
   *
   * @param verified prompts each model is verified with; empty where it is not
   */
  public static Workload of(RunPlan plan, List<String> verified) {
    List<Long> tokens =
        plan.getPromptSet().getCategoriesList().stream()
            .map(PromptCategory::getPromptsList)
            .flatMap(List::stream)
            .map(Workload::tokens)
            .toList();
    return new Workload(
        tokens.size(),
        sum(tokens.stream()),
        sum(tokens.stream().map(count -> count * count)),
        sum(verified.stream().map(Workload::tokens)),
        !plan.getSkipRawPatterns());
  }

  /** Times all prompts go through a model. */
  int passCount() {
    return keepsPatterns ? 2 : 1;
  }

  /** With the begin token. */
  private static long tokens(String prompt) {
    return 1 + Math.ceilDiv(prompt.length(), CHARACTERS_A_TOKEN);
  }

  private static long sum(Stream<Long> counts) {
    return counts.mapToLong(Long::longValue).sum();
  }
}
