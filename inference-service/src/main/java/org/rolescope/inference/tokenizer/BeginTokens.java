package org.rolescope.inference.tokenizer;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.rolescope.fault.FaultCode;
import org.rolescope.fault.RolescopeException;

/**
 * Begin tokens at the start of prompts, as a policy wants them.
 *
 * @param model name of the model, for sentences
 * @param token its begin token, where it has one
 */
record BeginTokens(String model, Optional<Token> token) {
  /**
   * A token.
   *
   * @param id its id
   * @param text as the vocabulary spells it
   */
  record Token(long id, String text) {}

  /** Whether the begin token stands first. */
  boolean isFirst(List<Token> tokens) {
    return !tokens.isEmpty() && token.filter(tokens.getFirst()::equals).isPresent();
  }

  /**
   * The same tokens with as many begin tokens in front as the policy wants.
   *
   * @throws RolescopeException INVALID_ARGUMENT where one is wanted and the model has none
   */
  List<Token> apply(BosPolicy policy, List<Token> tokens) {
    return switch (policy) {
      case AUTO -> tokens;
      case NEVER -> without(tokens);
      case ALWAYS -> {
        List<Token> all = new ArrayList<>();
        all.add(required());
        all.addAll(without(tokens));
        yield all;
      }
    };
  }

  private List<Token> without(List<Token> tokens) {
    int start = 0;
    while (isFirst(tokens.subList(start, tokens.size()))) {
      start++;
    }
    return tokens.subList(start, tokens.size());
  }

  private Token required() {
    return token.orElseThrow(
        () ->
            new RolescopeException(
                FaultCode.INVALID_ARGUMENT,
                "Model %s has no begin token, so none can stand first; use the policy auto or never"
                    .formatted(model)));
  }
}
