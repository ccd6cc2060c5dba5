package org.rolescope.orchestrator.oip;

import org.rolescope.v1.LayerRange;
import org.rolescope.v1.Model;

/**
 * Sizes of the axes of all outputs.
 *
 * @param prompts number of prompts, or {@link #VARIABLE}
 * @param tokens number of tokens of each prompt, or {@link #VARIABLE} where they differ
 * @param layers number of layers of entropies, or {@link #VARIABLE}
 * @param heads number of heads a layer
 * @param vocabulary number of tokens in the vocabulary
 */
record Sizes(long prompts, long tokens, long layers, long heads, long vocabulary) {
  /** A size that depends on the request, as the protocol writes it. */
  static final long VARIABLE = -1;

  /** What is known of a model before there is a request. */
  static Sizes of(Model model) {
    return new Sizes(VARIABLE, VARIABLE, VARIABLE, model.getHeadCount(), model.getVocabularySize());
  }

  /** The sizes of one answer. */
  static Sizes of(Model model, PromptLengths lengths, LayerRange layers) {
    return new Sizes(
        lengths.prompts(),
        lengths.equal() ? lengths.tokenCounts().getFirst() : VARIABLE,
        layers.getLast() - layers.getFirst() + 1,
        model.getHeadCount(),
        model.getVocabularySize());
  }
}
