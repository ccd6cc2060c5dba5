package org.rolescope.export.architecture;

import org.rolescope.export.checkpoint.Configuration;
import org.rolescope.tensors.bundle.RotaryEmbedding;

/**
 * The scaling of Llama 3.1: with w = 2π / frequency the wavelength and c the original context,
 * frequencies with w &lt; c / highFactor stay, those with w &gt; c / lowFactor are divided by the
 * factor, and those between are blended by (c / w − lowFactor) / (highFactor − lowFactor).
 *
 * @param factor what low frequencies are divided by
 * @param lowFactor wavelengths of the original context below which frequencies are low
 * @param highFactor wavelengths of the original context above which frequencies are high
 * @param originalContext tokens the model was trained on at first
 */
record Llama3Scaling(double factor, double lowFactor, double highFactor, int originalContext)
    implements RotaryScaling {
  private static final String LOW = "low_freq_factor";
  private static final String HIGH = "high_freq_factor";

  static Llama3Scaling read(Configuration section) {
    double low = RotaryScaling.required(section, LOW, 1e-6, MAX_FACTOR);
    double high = RotaryScaling.required(section, HIGH, 1e-6, MAX_FACTOR);
    if (high <= low) {
      throw section.malformed(HIGH, "is %s, which is not above %s %s".formatted(high, LOW, low));
    }
    return new Llama3Scaling(
        RotaryScaling.factor(section),
        low,
        high,
        section.size("original_max_position_embeddings", Limits.CONTEXT));
  }

  @Override
  public RotaryEmbedding embedding(double theta, int headSize) {
    return new RotaryEmbedding(
        RotaryScaling.unscaled(theta, headSize).stream().map(this::scaled).toList(), 1);
  }

  private double scaled(double frequency) {
    double wavelength = 2 * Math.PI / frequency;
    if (wavelength < originalContext / highFactor) {
      return frequency;
    }
    if (wavelength > originalContext / lowFactor) {
      return frequency / factor;
    }
    double high = (originalContext / wavelength - lowFactor) / (highFactor - lowFactor);
    return (1 - high) * frequency / factor + high * frequency;
  }

  @Override
  public double contextLength() {
    // What the model was trained to reach stands in max_position_embeddings, which the caller takes
    // where it is larger: Llama 3.2 has a factor of 32 over 8,192 and a context of 131,072.
    return originalContext;
  }
}
