package org.rolescope.tensors.bundle;

import static java.util.Objects.requireNonNull;

import java.util.List;

/**
 * Rotary position embedding, halves rotated: position p turns pair i by the angle p ·
 * inverseFrequencies[i]. Every scaling a checkpoint may ask for is already in the frequencies, so a
 * runner needs no knowledge of the architecture.
 *
 * @param inverseFrequencies radians a position, one for each pair; half the head size of them
 * @param attentionScaling factor on cos and sin; 1 without scaling
 */
public record RotaryEmbedding(List<Double> inverseFrequencies, double attentionScaling) {
  /** Copies the frequencies and rejects values that are not finite. */
  public RotaryEmbedding {
    inverseFrequencies =
        List.copyOf(requireNonNull(inverseFrequencies, "inverseFrequencies are missing"));
    if (!Double.isFinite(attentionScaling)
        || !inverseFrequencies.stream().allMatch(Double::isFinite)) {
      throw new IllegalArgumentException("rotary frequencies must be finite");
    }
  }
}
