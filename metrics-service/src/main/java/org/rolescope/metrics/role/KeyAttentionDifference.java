package org.rolescope.metrics.role;

import java.util.List;
import java.util.function.IntUnaryOperator;
import java.util.stream.IntStream;
import org.rolescope.metrics.entropy.KeyAttention;
import org.rolescope.metrics.entropy.LayerEntropies;

/**
 * Attention to the first and last keys of self minus that of neutral prompts, mean over heads.
 * METRICS §6, "token attention".
 *
 * @param first keys 0, 1 and 2; NaN where no prompt of one of the categories has that key
 * @param last the last three keys, in order of position; NaN likewise
 */
public record KeyAttentionDifference(List<Double> first, List<Double> last) {
  /**
   * Copies the values.
   *
   * @throws IllegalArgumentException where there are not three at either end
   */
  public KeyAttentionDifference {
    first = List.copyOf(first);
    last = List.copyOf(last);
    if (first.size() != KeyAttention.KEYS || last.size() != KeyAttention.KEYS) {
      throw new IllegalArgumentException(
          "attention to %d and %d keys, not to %d at either end"
              .formatted(first.size(), last.size(), KeyAttention.KEYS));
    }
  }

  /**
   * The difference of the categories' means, each prompt counting once; a prompt of one token, or
   * too short to have the key, is left out. Attention that is NaN otherwise makes the difference
   * NaN.
   */
  static KeyAttentionDifference of(
      LayerEntropies layer, KeyAttention attention, RolePrompts prompts) {
    return new KeyAttentionDifference(
        keys(layer, prompts, attention::first, key -> key + 1),
        keys(layer, prompts, attention::last, key -> KeyAttention.KEYS - key));
  }

  /** Attention of one head on one prompt to one of three keys. */
  @FunctionalInterface
  private interface Weights {
    double at(int head, int prompt, int key);
  }

  private static List<Double> keys(
      LayerEntropies layer, RolePrompts prompts, Weights weights, IntUnaryOperator tokensNeeded) {
    return IntStream.range(0, KeyAttention.KEYS)
        .mapToObj(
            key -> {
              int atLeast = Math.max(2, tokensNeeded.applyAsInt(key));
              return mean(layer, prompts.self(), weights, key, atLeast)
                  - mean(layer, prompts.neutral(), weights, key, atLeast);
            })
        .toList();
  }

  /** Mean over heads and the prompts that have the key; NaN where none has. */
  private static double mean(
      LayerEntropies layer, PromptIndices prompts, Weights weights, int key, int atLeastTokens) {
    return IntStream.range(0, prompts.size())
        .map(prompts::at)
        .filter(prompt -> layer.queryCounts().get(prompt) >= atLeastTokens)
        .boxed()
        .flatMapToDouble(
            prompt ->
                IntStream.range(0, layer.headCount())
                    .mapToDouble(head -> weights.at(head, prompt, key)))
        .average()
        .orElse(Double.NaN);
  }
}
