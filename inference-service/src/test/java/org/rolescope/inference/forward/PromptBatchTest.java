package org.rolescope.inference.forward;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.rolescope.fault.FaultCode;
import org.rolescope.fault.RolescopeException;
import org.rolescope.inference.tokenizer.TokenizedPrompt;
import org.rolescope.tensors.bundle.ModelDimensions;

final class PromptBatchTest {
  private static final ModelDimensions DIMENSIONS =
      new ModelDimensions("llama", 6, 8, 4, 16, 128, 352, 1600, 256, 1_312_384);

  @Test
  void promptsOfEqualLengthShareABatchAndKeepTheirIndex() {
    List<PromptBatch> batches = cut(2, Integer.MAX_VALUE, 5, 3, 5, 3, 3, 9);
    assertThat(batches)
        .extracting(PromptBatch::length, PromptBatch::promptIndices)
        .containsExactly(
            org.assertj.core.groups.Tuple.tuple(3, List.of(1, 3)),
            org.assertj.core.groups.Tuple.tuple(3, List.of(4)),
            org.assertj.core.groups.Tuple.tuple(5, List.of(0, 2)),
            org.assertj.core.groups.Tuple.tuple(9, List.of(5)));
    assertThat(batches.getFirst().flatTokenIds()).containsExactly(1, 1, 1, 3, 3, 3);
  }

  @Test
  void aBatchIsNoLargerThanItsLargestTensorAllows() {
    // 10 tokens x 352 MLP channels x 4 bytes = 14080 bytes a prompt.
    assertThat(cut(100, 3 * 14080, IntStream.generate(() -> 10).limit(7).toArray()))
        .extracting(PromptBatch::size)
        .containsExactly(3, 3, 1);
  }

  @Test
  void aBatchHasNoMoreTokensThanAllowedUnlessOnePromptHas() {
    List<TokenizedPrompt> prompts =
        IntStream.of(10, 10, 10, 40)
            .mapToObj(
                length ->
                    new TokenizedPrompt(
                        Collections.nCopies(length, 1L), Collections.nCopies(length, "t")))
            .toList();
    PassLimits limits = new PassLimits(100, 25, Integer.MAX_VALUE);
    assertThat(PromptBatch.cut(prompts, new BatchLimit(limits, DIMENSIONS)))
        .extracting(PromptBatch::size)
        .containsExactly(2, 1, 1);
  }

  @Test
  void positionsCountFromZeroInEveryPrompt() {
    assertThat(cut(2, Integer.MAX_VALUE, 3, 3).getFirst().flatPositions())
        .containsExactly(0, 1, 2, 0, 1, 2);
  }

  @Test
  void aPromptThatFitsNoBatchIsRefusedWithTheRemedy() {
    assertThatThrownBy(() -> cut(100, 14079, 10))
        .isInstanceOfSatisfying(
            RolescopeException.class,
            fault -> assertThat(fault.code()).isEqualTo(FaultCode.RESOURCE_EXHAUSTED))
        .hasMessageContaining("10 tokens")
        .hasMessageContaining("max-tensor-bytes");
  }

  private static List<PromptBatch> cut(int maxPrompts, long maxTensorBytes, int... lengths) {
    List<TokenizedPrompt> prompts =
        IntStream.range(0, lengths.length)
            .mapToObj(
                index ->
                    new TokenizedPrompt(
                        Collections.nCopies(lengths[index], (long) index),
                        Collections.nCopies(lengths[index], "t")))
            .toList();
    return PromptBatch.cut(
        prompts, new BatchLimit(new PassLimits(maxPrompts, maxTensorBytes), DIMENSIONS));
  }
}
