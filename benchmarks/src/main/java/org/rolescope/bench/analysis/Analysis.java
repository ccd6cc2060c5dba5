package org.rolescope.bench.analysis;

import java.util.List;
import org.rolescope.metrics.entropy.LayerEntropies;

/**
 * What an analysis took.
 *
 * @param nanos from the request to the last entropy, nanoseconds
 * @param measureNanos part of it spent assembling and measuring tensors, nanoseconds
 * @param layers a mark for each layer, in order
 * @param batches batches of a layer, in order
 */
public record Analysis(
    long nanos, long measureNanos, List<LayerMark> layers, List<BatchShape> batches) {
  /** Copies the lists. */
  public Analysis {
    layers = List.copyOf(layers);
    batches = List.copyOf(batches);
  }

  /** Number of tokens of all prompts. */
  public long tokenCount() {
    return batches.stream().mapToLong(BatchShape::tokenCount).sum();
  }

  /**
   * A layer whose last tensor has been measured.
   *
   * @param nanos since the layer before, or since the request, nanoseconds
   * @param entropies what was measured
   */
  public record LayerMark(long nanos, LayerEntropies entropies) {}

  /**
   * Prompts that ran together.
   *
   * @param prompts number of prompts
   * @param length tokens of each
   */
  public record BatchShape(int prompts, int length) {
    /** Tokens of the batch. */
    public int tokenCount() {
      return prompts * length;
    }
  }
}
