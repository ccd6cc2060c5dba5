package org.rolescope.export.verify;

import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;

/**
 * Rotary position embedding (Su et al. 2021) and its scalings: pair i of a head turns by position ·
 * frequency[i]; without scaling frequency[i] = theta^(−2i / headSize).
 */
sealed interface RotaryFrequencies {
  /**
   * Radians a position for each pair.
   *
   * @param headSize width of a head; even
   * @param length tokens of the prompt
   */
  double[] frequencies(int headSize, int length);

  /** Factor on sine and cosine. */
  default double attentionFactor() {
    return 1;
  }

  private static double unscaled(double theta, int pair, int headSize) {
    return Math.pow(theta, -2.0 * pair / headSize);
  }

  private static double[] pairs(int headSize, IntToDoubleFunction frequency) {
    return IntStream.range(0, headSize / 2).mapToDouble(frequency).toArray();
  }

  /** No scaling. */
  record Plain(double theta) implements RotaryFrequencies {
    @Override
    public double[] frequencies(int headSize, int length) {
      return pairs(headSize, pair -> unscaled(theta, pair, headSize));
    }
  }

  /** Position interpolation (Chen et al. 2023): every frequency divided by the factor. */
  record Linear(double theta, double factor) implements RotaryFrequencies {
    @Override
    public double[] frequencies(int headSize, int length) {
      return pairs(headSize, pair -> unscaled(theta, pair, headSize) / factor);
    }
  }

  /**
   * Dynamic NTK scaling (emozilla 2023): for prompts longer than the original context the base is
   * theta · (factor · length / originalContext − (factor − 1))^(headSize / (headSize − 2)).
   */
  record Dynamic(double theta, double factor, int originalContext) implements RotaryFrequencies {
    @Override
    public double[] frequencies(int headSize, int length) {
      double stretch = factor * Math.max(length, originalContext) / originalContext - (factor - 1);
      double base = theta * Math.pow(stretch, headSize / (headSize - 2.0));
      return pairs(headSize, pair -> unscaled(base, pair, headSize));
    }
  }

  /**
   * Llama 3.1's scaling: frequencies whose wavelength is longer than originalContext / lowFactor
   * are divided by the factor, those shorter than originalContext / highFactor stay, and between
   * the two the share that stays grows with originalContext / wavelength.
   */
  record Llama3(
      double theta, double factor, double lowFactor, double highFactor, int originalContext)
      implements RotaryFrequencies {
    @Override
    public double[] frequencies(int headSize, int length) {
      return pairs(headSize, pair -> scaled(unscaled(theta, pair, headSize)));
    }

    private double scaled(double frequency) {
      double turns = originalContext * frequency / (2 * Math.PI);
      double kept = Math.clamp((turns - lowFactor) / (highFactor - lowFactor), 0.0, 1.0);
      return kept * frequency + (1 - kept) * frequency / factor;
    }
  }

  /**
   * YaRN (Peng et al. 2023): pairs that turn more than betaFast times within the original context
   * stay, those that turn less than betaSlow times are divided by the factor, with a linear ramp
   * over the pairs between; sine and cosine are scaled too.
   *
   * @param wholePairs whether the ends of the ramp are rounded outwards to whole pairs
   */
  record Yarn(
      double theta,
      double factor,
      double attentionFactor,
      double betaFast,
      double betaSlow,
      int originalContext,
      boolean wholePairs)
      implements RotaryFrequencies {
    @Override
    public double[] frequencies(int headSize, int length) {
      double fast = pairThatTurns(betaFast, headSize);
      double slow = pairThatTurns(betaSlow, headSize);
      double begin = Math.max(wholePairs ? Math.floor(fast) : fast, 0);
      double end = Math.min(wholePairs ? Math.ceil(slow) : slow, headSize - 1);
      // Where both ends meet the ramp is a step.
      double size = begin == end ? 0.001 : end - begin;
      return pairs(
          headSize,
          pair -> {
            double kept = 1 - Math.clamp((pair - begin) / size, 0.0, 1.0);
            double frequency = unscaled(theta, pair, headSize);
            return kept * frequency + (1 - kept) * frequency / factor;
          });
    }

    /** The pair, not rounded, that turns so many times within the original context. */
    private double pairThatTurns(double turns, int headSize) {
      return headSize * Math.log(originalContext / (turns * 2 * Math.PI)) / (2 * Math.log(theta));
    }
  }
}
