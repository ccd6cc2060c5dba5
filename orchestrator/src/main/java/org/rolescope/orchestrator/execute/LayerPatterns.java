package org.rolescope.orchestrator.execute;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.rolescope.fault.FaultCode;
import org.rolescope.fault.RolescopeException;
import org.rolescope.orchestrator.artifacts.PromptPattern;
import org.rolescope.tensors.Axis;
import org.rolescope.tensors.Shape;
import org.rolescope.tensors.TensorView;
import org.rolescope.v1.CaptureStarted;
import org.rolescope.v1.TokenizedPrompt;

/**
 * Collects the patterns of one layer, which come in batches of any order, until there is one for
 * each prompt. Not thread-safe.
 */
final class LayerPatterns {
  private final int layer;
  private final int headCount;
  private final List<TokenizedPrompt> prompts;
  private final PromptPattern[] patterns;

  LayerPatterns(int layer, int headCount, CaptureStarted started) {
    this.layer = layer;
    this.headCount = headCount;
    prompts = started.getPromptsList();
    patterns = new PromptPattern[prompts.size()];
  }

  /** Bytes a layer takes in memory. */
  static long sizeBytes(int headCount, CaptureStarted started) {
    return started.getPromptsList().stream()
        .mapToLong(prompt -> PromptPattern.sizeBytes(headCount, prompt.getTokenIdsCount()))
        .sum();
  }

  /**
   * Takes a batch.
   *
   * @param batch [batch, head, query_pos, key_pos]
   * @throws RolescopeException DATA_LOSS where it is not a pattern of this layer, or repeats a
   *     prompt
   */
  void add(TensorView batch) {
    if (batch.layer().orElse(-1) != layer) {
      throw unexpected(batch);
    }
    for (int index = 0; index < batch.promptIndices().size(); index++) {
      int prompt = batch.promptIndices().get(index);
      if (prompt < 0 || prompt >= patterns.length || patterns[prompt] != null) {
        throw unexpected(batch);
      }
      patterns[prompt] = pattern(batch, index, prompts.get(prompt).getTokenIdsCount());
    }
  }

  /** Whether there is a pattern for each prompt. */
  boolean isComplete() {
    return Arrays.stream(patterns).allMatch(Objects::nonNull);
  }

  /** The pattern of each prompt, in order of the prompts. Only when complete. */
  List<PromptPattern> inPromptOrder() {
    return List.of(patterns);
  }

  private PromptPattern pattern(TensorView batch, int index, int tokenCount) {
    Shape expected =
        Shape.of(
            new Axis(Axis.BATCH, batch.promptIndices().size()),
            new Axis(Axis.HEAD, headCount),
            new Axis(Axis.QUERY_POS, tokenCount),
            new Axis(Axis.KEY_POS, tokenCount));
    if (!batch.shape().equals(expected)) {
      throw unexpected(batch);
    }
    int promptBytes = Math.toIntExact(PromptPattern.sizeBytes(headCount, tokenCount));
    ByteBuffer own = ByteBuffer.allocate(promptBytes);
    own.put(batch.bytes().slice(index * promptBytes, promptBytes)).flip();
    return new PromptPattern(headCount, tokenCount, own);
  }

  private RolescopeException unexpected(TensorView batch) {
    return new RolescopeException(
        FaultCode.DATA_LOSS,
        "The inference service sent tensor %s %s of prompts %s where patterns of layer %d were due; check that all services are of one version"
            .formatted(batch.name(), batch.shape(), batch.promptIndices(), layer));
  }
}
