package org.rolescope.inference.tokenizer;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.Optional;

/**
 * A prompt as the model sees it.
 *
 * @param tokenIds token ids, begin token included where there is one; never empty
 * @param tokens the tokens as the vocabulary spells them, one for each id
 * @param beginToken the begin token as the vocabulary spells it, where it stands first
 * @param rendered what the chat template made of the prompt, where there was one
 */
public record TokenizedPrompt(
    List<Long> tokenIds,
    List<String> tokens,
    Optional<String> beginToken,
    Optional<String> rendered) {
  /** Copies both lists and checks that they belong together. */
  public TokenizedPrompt {
    tokenIds = List.copyOf(tokenIds);
    tokens = List.copyOf(tokens);
    requireNonNull(beginToken, "beginToken is null");
    requireNonNull(rendered, "rendered is null");
    if (tokenIds.isEmpty() || tokenIds.size() != tokens.size()) {
      throw new IllegalArgumentException(
          "%d token ids do not match %d tokens".formatted(tokenIds.size(), tokens.size()));
    }
  }

  /** Tokens without a begin token, of a prompt that was not rendered. */
  public TokenizedPrompt(List<Long> tokenIds, List<String> tokens) {
    this(tokenIds, tokens, Optional.empty(), Optional.empty());
  }

  /** Number of tokens. */
  public int length() {
    return tokenIds.size();
  }
}
