package org.rolescope.cli.generation;

import static java.util.Objects.requireNonNull;

/**
 * What a model answered to a prompt of a set.
 *
 * @param category category of the prompt
 * @param index place of the prompt in its category, from 0
 * @param prompt the prompt
 * @param answer the answer
 */
public record GeneratedAnswer(
    String category, int index, String prompt, GenerateCall.Answer answer) {
  /** Checks that nothing is missing. */
  public GeneratedAnswer {
    requireNonNull(category, "category is null");
    requireNonNull(prompt, "prompt is null");
    requireNonNull(answer, "answer is null");
  }
}
