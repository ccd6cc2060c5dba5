package org.rolescope.export.architecture;

import java.util.List;
import java.util.stream.IntStream;
import org.rolescope.export.checkpoint.Configuration;
import org.rolescope.fault.RolescopeException;
import org.rolescope.tensors.bundle.RotaryEmbedding;

/**
 * How a model stretches rotary positions beyond the context it was trained on; the formulas are
 * those of Hugging Face transformers, in double precision and equal on every platform.
 */
sealed interface RotaryScaling
    permits RotaryScaling.None,
        RotaryScaling.Linear,
        RotaryScaling.Dynamic,
        Llama3Scaling,
        YarnScaling {
  /** The largest stretch that is believed. */
  double MAX_FACTOR = 1e6;

  /** The embedding of heads of this size. */
  RotaryEmbedding embedding(double theta, int headSize);

  /** Tokens the stretched positions are meant for. */
  double contextLength();

  /**
   * Rejects what the formula cannot take.
   *
   * @throws RolescopeException MALFORMED_MODEL where it would divide by zero
   */
  default void check(Configuration configuration, double theta, int headSize) {}

  /** inverseFrequencies[i] = theta^(-2i / headSize). */
  static List<Double> unscaled(double theta, int headSize) {
    return IntStream.range(0, headSize / 2)
        .mapToObj(pair -> StrictMath.pow(theta, -2.0 * pair / headSize))
        .toList();
  }

  /**
   * The stretch, which must be there.
   *
   * @throws RolescopeException MALFORMED_MODEL where it is missing or absurd
   */
  static double factor(Configuration section) {
    return required(section, "factor", 1, MAX_FACTOR);
  }

  /**
   * A number that must be there.
   *
   * @throws RolescopeException MALFORMED_MODEL where it is missing or out of bounds
   */
  static double required(Configuration section, String field, double min, double max) {
    return section
        .number(field, min, max)
        .orElseThrow(() -> section.malformed(field, "is missing; a number is needed there"));
  }

  /**
   * No scaling.
   *
   * @param contextLength tokens the model was trained on
   */
  record None(double contextLength) implements RotaryScaling {
    @Override
    public RotaryEmbedding embedding(double theta, int headSize) {
      return new RotaryEmbedding(unscaled(theta, headSize), 1);
    }
  }

  /**
   * Positions divided by a factor (Chen et al., 2023, "position interpolation").
   *
   * @param factor the factor
   * @param positions tokens the model was trained on
   */
  record Linear(double factor, int positions) implements RotaryScaling {
    static Linear read(Configuration section, int positions) {
      return new Linear(RotaryScaling.factor(section), positions);
    }

    @Override
    public RotaryEmbedding embedding(double theta, int headSize) {
      return new RotaryEmbedding(
          unscaled(theta, headSize).stream().map(frequency -> frequency / factor).toList(), 1);
    }

    @Override
    public double contextLength() {
      return factor * positions;
    }
  }

  /**
   * A base that grows with the prompt, see {@link RotaryEmbedding.DynamicScaling}. As in
   * transformers the original context is always {@code max_position_embeddings}.
   *
   * @param factor scaling factor
   * @param positions tokens the model was trained on
   */
  record Dynamic(double factor, int positions) implements RotaryScaling {
    static Dynamic read(Configuration section, int positions) {
      return new Dynamic(RotaryScaling.factor(section), positions);
    }

    @Override
    public void check(Configuration configuration, double theta, int headSize) {
      if (headSize == 2) {
        throw configuration.malformed(
            "head_dim", "is 2 where dynamic rotary scaling needs at least 4");
      }
    }

    @Override
    public RotaryEmbedding embedding(double theta, int headSize) {
      return new RotaryEmbedding(
          unscaled(theta, headSize),
          1,
          new RotaryEmbedding.DynamicScaling(theta, factor, positions));
    }

    @Override
    public double contextLength() {
      return factor * positions;
    }
  }
}
