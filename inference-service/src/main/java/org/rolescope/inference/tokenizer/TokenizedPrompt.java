package org.rolescope.inference.tokenizer;

import java.util.List;

/**
 * A prompt as the model sees it.
 *
 * @param tokenIds token ids, begin token included where the tokenizer adds one; never empty
 * @param tokens the tokens as the vocabulary spells them, one for each id
 */
public record TokenizedPrompt(List<Long> tokenIds, List<String> tokens) {
  /** Copies both lists and checks that they belong together. */
  public TokenizedPrompt {
    tokenIds = List.copyOf(tokenIds);
    tokens = List.copyOf(tokens);
    if (tokenIds.isEmpty() || tokenIds.size() != tokens.size()) {
      throw new IllegalArgumentException(
          "%d token ids do not match %d tokens".formatted(tokenIds.size(), tokens.size()));
    }
  }

  /** Number of tokens. */
  public int length() {
    return tokenIds.size();
  }
}
