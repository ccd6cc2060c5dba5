package org.rolescope.export.gguf;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Optional;

/**
 * Finds the scaling of Llama 3.1 in what the converter made of it: for every pair of rows a factor
 * its frequency is divided by. The factors follow from four settings; two of them, the wavelengths
 * where blending begins and ends, are 1 and 4 in every model, and the original context is a power
 * of two. Settings are taken only where they give every factor of the file.
 *
 * @param theta base of the frequencies
 * @param factors what each frequency is divided by, [head_size / 2]
 */
record RotaryFactors(double theta, List<Float> factors) {
  private static final double LOW = 1;
  private static final double HIGH = 4;
  private static final int MIN_CONTEXT = 1 << 10;
  private static final int MAX_CONTEXT = 1 << 20;

  /** The factors were computed and stored in float32. */
  private static final double RELATIVE_TOLERANCE = 1e-5;

  RotaryFactors {
    factors = List.copyOf(factors);
  }

  /** Whether no frequency changes. */
  boolean changeNothing() {
    return factors.stream().allMatch(factor -> factor == 1);
  }

  /**
   * The setting {@code rope_scaling} of {@code config.json}, or empty where no settings give these
   * factors.
   *
   * @param likelyContext original context to try first
   */
  Optional<ObjectNode> scaling(int likelyContext) {
    if (fits(likelyContext)) {
      return Optional.of(settings(likelyContext));
    }
    for (int context = MIN_CONTEXT; context <= MAX_CONTEXT; context *= 2) {
      if (fits(context)) {
        return Optional.of(settings(context));
      }
    }
    return Optional.empty();
  }

  /** The factor of the lowest frequency is the one that blending approaches. */
  private double factor() {
    return factors.getLast();
  }

  private boolean fits(int context) {
    if (!(factor() >= 1)) {
      return false;
    }
    for (int pair = 0; pair < factors.size(); pair++) {
      double expected = expected(pair, context);
      if (!(Math.abs(factors.get(pair) - expected) <= RELATIVE_TOLERANCE * expected)) {
        return false;
      }
    }
    return true;
  }

  private double expected(int pair, int context) {
    double wavelength = 2 * Math.PI * StrictMath.pow(theta, (double) pair / factors.size());
    if (wavelength < context / HIGH) {
      return 1;
    }
    if (wavelength > context / LOW) {
      return factor();
    }
    double smooth = (context / wavelength - LOW) / (HIGH - LOW);
    return 1 / ((1 - smooth) / factor() + smooth);
  }

  private ObjectNode settings(int context) {
    return JsonNodeFactory.instance
        .objectNode()
        .put("rope_type", "llama3")
        .put("factor", Double.parseDouble(Float.toString(factors.getLast())))
        .put("low_freq_factor", LOW)
        .put("high_freq_factor", HIGH)
        .put("original_max_position_embeddings", context);
  }
}
