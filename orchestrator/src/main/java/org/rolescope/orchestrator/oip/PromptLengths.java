package org.rolescope.orchestrator.oip;

import java.util.List;
import org.rolescope.v1.CaptureStarted;

/**
 * How long the prompts of a request are.
 *
 * @param tokenCounts number of tokens of each prompt; at least one
 */
record PromptLengths(List<Integer> tokenCounts) {
  PromptLengths {
    tokenCounts = List.copyOf(tokenCounts);
  }

  static PromptLengths of(CaptureStarted started) {
    return new PromptLengths(
        started.getPromptsList().stream().map(prompt -> prompt.getTokenIdsCount()).toList());
  }

  int prompts() {
    return tokenCounts.size();
  }

  /** Whether all prompts have the same number of tokens. */
  boolean equal() {
    return tokenCounts.stream().distinct().count() == 1;
  }
}
