package org.rolescope.tensors.bundle;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.stream.IntStream;

/**
 * Rotary position embedding, halves rotated: position p turns pair i by the angle p ·
 * inverseFrequencies[i]. Scalings that do not depend on the prompt are already in the frequencies,
 * so a runner needs no knowledge of the architecture.
 *
 * @param inverseFrequencies radians a position, one for each pair; half the head size of them
 * @param attentionScaling factor on cos and sin; 1 without scaling
 * @param dynamic scaling that depends on the length of the prompt; null without
 */
public record RotaryEmbedding(
    List<Double> inverseFrequencies, double attentionScaling, DynamicScaling dynamic) {
  /** Copies the frequencies and rejects values that are not finite. */
  public RotaryEmbedding {
    inverseFrequencies =
        List.copyOf(requireNonNull(inverseFrequencies, "inverseFrequencies are missing"));
    if (!Double.isFinite(attentionScaling)
        || !inverseFrequencies.stream().allMatch(Double::isFinite)) {
      throw new IllegalArgumentException("rotary frequencies must be finite");
    }
  }

  /** A rotary embedding that does not depend on the length of the prompt. */
  public RotaryEmbedding(List<Double> inverseFrequencies, double attentionScaling) {
    this(inverseFrequencies, attentionScaling, null);
  }

  /**
   * The frequencies for a prompt of this length: those above, or, where a dynamic scaling applies,
   * those of a larger base.
   *
   * @param length tokens of the prompt
   */
  public List<Double> inverseFrequencies(int length) {
    if (dynamic == null || length <= dynamic.originalContextLength()) {
      return inverseFrequencies;
    }
    int headSize = 2 * inverseFrequencies.size();
    double base = dynamic.base(length, headSize);
    return IntStream.range(0, inverseFrequencies.size())
        .mapToObj(pair -> Math.pow(base, -2.0 * pair / headSize))
        .toList();
  }

  /**
   * "Dynamic NTK" scaling: beyond the original context the base grows with the prompt, base = theta
   * · (factor · length / originalContextLength − (factor − 1)) ^ (headSize / (headSize − 2)).
   *
   * @param theta base within the original context
   * @param factor scaling factor
   * @param originalContextLength tokens the model was trained on
   */
  public record DynamicScaling(double theta, double factor, int originalContextLength) {
    /** Checks that the scaling means something. */
    public DynamicScaling {
      if (!(theta > 0) || !(factor >= 1) || originalContextLength < 1) {
        throw new IllegalArgumentException(
            "dynamic rotary scaling has theta %s, factor %s, original context %d"
                .formatted(theta, factor, originalContextLength));
      }
    }

    double base(int length, int headSize) {
      double stretch = factor * length / originalContextLength - (factor - 1);
      return theta * Math.pow(stretch, headSize / (headSize - 2.0));
    }
  }
}
