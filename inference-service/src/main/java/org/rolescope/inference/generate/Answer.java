package org.rolescope.inference.generate;

import static java.util.Objects.requireNonNull;

/**
 * A finished generation.
 *
 * @param reason why it ended
 * @param text the answer, without end token and stop text
 * @param tokenCount number of generated tokens, an end token included
 */
public record Answer(FinishReason reason, String text, int tokenCount) {
  /** Checks that nothing is missing. */
  public Answer {
    requireNonNull(reason, "reason is null");
    requireNonNull(text, "text is null");
  }
}
