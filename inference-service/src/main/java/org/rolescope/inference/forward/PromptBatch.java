package org.rolescope.inference.forward;

import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.LongStream;
import org.rolescope.inference.tokenizer.TokenizedPrompt;

/**
 * Prompts of equal token count that run together, so nothing is ever padded.
 *
 * @param promptIndices index of each prompt in the request; ascending, one twice where rounding is
 *     to be steady
 * @param tokenIds token ids [batch][pos]
 */
record PromptBatch(List<Integer> promptIndices, List<List<Long>> tokenIds) {
  PromptBatch {
    promptIndices = List.copyOf(promptIndices);
    tokenIds = List.copyOf(tokenIds);
  }

  /** Number of prompts. */
  int size() {
    return promptIndices.size();
  }

  /** Tokens of each prompt. */
  int length() {
    return tokenIds.getFirst().size();
  }

  /** The first prompts of the batch. */
  PromptBatch first(int count) {
    return new PromptBatch(promptIndices.subList(0, count), tokenIds.subList(0, count));
  }

  /** All token ids, row-major [batch, pos]. */
  long[] flatTokenIds() {
    return tokenIds.stream().flatMap(List::stream).mapToLong(Long::longValue).toArray();
  }

  /** Position of every token in its prompt, row-major [batch, pos]. */
  long[] flatPositions() {
    return LongStream.range(0, (long) size() * length()).map(index -> index % length()).toArray();
  }

  /**
   * Cuts prompts as {@link #cut}, and gives a batch of a single token a second row like the first:
   * products with one row are rounded otherwise than with several, which all are rounded alike.
   *
   * @param prompts the prompts, in request order
   * @param limits largest number of prompts for a length
   */
  static List<PromptBatch> cutSteadily(List<TokenizedPrompt> prompts, BatchLimit limits) {
    return cut(prompts, limits).stream()
        .map(batch -> batch.size() * batch.length() == 1 ? batch.twice() : batch)
        .toList();
  }

  private PromptBatch twice() {
    return new PromptBatch(
        List.of(promptIndices.getFirst(), promptIndices.getFirst()),
        List.of(tokenIds.getFirst(), tokenIds.getFirst()));
  }

  /**
   * Cuts prompts into batches: shortest first, request order within a length. The cut depends on
   * the prompts and the limit only, so equal requests give equal batches.
   *
   * @param prompts the prompts, in request order
   * @param limits largest number of prompts for a length
   */
  static List<PromptBatch> cut(List<TokenizedPrompt> prompts, BatchLimit limits) {
    SortedMap<Integer, List<Integer>> byLength = new TreeMap<>();
    for (int index = 0; index < prompts.size(); index++) {
      byLength.computeIfAbsent(prompts.get(index).length(), _ -> new ArrayList<>()).add(index);
    }
    List<PromptBatch> batches = new ArrayList<>();
    byLength.forEach(
        (length, indices) -> {
          int most = limits.maxPrompts(length);
          for (int start = 0; start < indices.size(); start += most) {
            List<Integer> chosen = indices.subList(start, Math.min(indices.size(), start + most));
            batches.add(
                new PromptBatch(
                    chosen, chosen.stream().map(index -> prompts.get(index).tokenIds()).toList()));
          }
        });
    return batches;
  }
}
