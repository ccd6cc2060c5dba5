package org.rolescope.orchestrator.client;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.rolescope.orchestrator.plan.BosPolicy;
import org.rolescope.orchestrator.plan.Invalid;
import org.rolescope.orchestrator.plan.PromptOptions;
import org.rolescope.v1.AnswerTexts;
import org.rolescope.v1.AnswerTokens;
import org.rolescope.v1.TokenizedPrompt;

/**
 * The tokens that answers begin with. A leading space counts: most tokenizers make another token of
 * it.
 *
 * @param inference who tokenises
 * @param model name of the model
 */
public record FirstTokens(InferenceClient inference, String model) {
  private static final PromptOptions PLAIN = new PromptOptions(BosPolicy.NEVER, false);

  /** Checks that nothing is missing. */
  public FirstTokens {
    requireNonNull(inference, "inference is null");
    requireNonNull(model, "model is null");
  }

  /**
   * The first token of each answer.
   *
   * @param answers two answers to each prompt; may be empty
   * @throws org.rolescope.fault.RolescopeException INVALID_ARGUMENT where both answers to a prompt
   *     begin with the same token
   */
  public List<AnswerTokens> of(List<AnswerTexts> answers) {
    if (answers.isEmpty()) {
      return List.of();
    }
    Map<String, Integer> first = tokens(answers);
    List<AnswerTokens> tokens = new ArrayList<>();
    for (int prompt = 0; prompt < answers.size(); prompt++) {
      AnswerTexts texts = answers.get(prompt);
      int one = first.get(texts.getFirst());
      int other = first.get(texts.getSecond());
      Invalid.unless(
          one != other,
          "Answers `%s` and `%s` to prompt %d begin with the same token (%d) in model %s, so their logits cannot differ; give answers that begin otherwise",
          texts.getFirst(),
          texts.getSecond(),
          prompt,
          one,
          model);
      tokens.add(AnswerTokens.newBuilder().setFirst(one).setSecond(other).build());
    }
    return tokens;
  }

  private Map<String, Integer> tokens(List<AnswerTexts> answers) {
    List<String> texts =
        answers.stream()
            .flatMap(answer -> Stream.of(answer.getFirst(), answer.getSecond()))
            .distinct()
            .toList();
    List<TokenizedPrompt> tokenized = inference.tokenize(model, texts, PLAIN);
    Map<String, Integer> first = new LinkedHashMap<>();
    for (int index = 0; index < texts.size(); index++) {
      Invalid.unless(
          tokenized.get(index).getTokenIdsCount() > 0,
          "Answer `%s` has no token in model %s; give one that has",
          texts.get(index),
          model);
      first.put(texts.get(index), Math.toIntExact(tokenized.get(index).getTokenIds(0)));
    }
    return first;
  }
}
