package org.rolescope.export.architecture;

import java.util.Optional;
import java.util.stream.IntStream;
import org.rolescope.export.checkpoint.Configuration;
import org.rolescope.tensors.bundle.RotaryEmbedding;

/**
 * YaRN (Peng et al., 2023): pairs that turn often within the original context keep their frequency,
 * pairs that hardly turn are divided by the factor, and between them a ramp blends the two. Cos and
 * sin are multiplied by the attention factor.
 *
 * @param factor what slow pairs are divided by
 * @param originalContext tokens the model was trained on at first
 * @param betaFast turns within the original context from which a pair counts as fast
 * @param betaSlow turns up to which a pair counts as slow
 * @param truncate whether the ends of the ramp are rounded to whole pairs
 * @param attentionFactor factor on cos and sin
 */
record YarnScaling(
    double factor,
    int originalContext,
    double betaFast,
    double betaSlow,
    boolean truncate,
    double attentionFactor)
    implements RotaryScaling {
  private static final double DEFAULT_BETA_FAST = 32;
  private static final double DEFAULT_BETA_SLOW = 1;
  private static final double MIN_RAMP = 0.001;

  static YarnScaling read(Configuration section, int positions) {
    double factor = RotaryScaling.factor(section);
    return new YarnScaling(
        factor,
        section.size("original_max_position_embeddings", Limits.CONTEXT, positions),
        optional(section, "beta_fast").orElse(DEFAULT_BETA_FAST),
        optional(section, "beta_slow").orElse(DEFAULT_BETA_SLOW),
        section.flag("truncate", true),
        section
            .positive("attention_factor", MAX_FACTOR)
            .orElseGet(() -> attentionFactor(section, factor)));
  }

  /** A number where 0 means absent, as it does to transformers. */
  private static Optional<Double> optional(Configuration section, String field) {
    return section.number(field, 0, MAX_FACTOR).filter(found -> found > 0);
  }

  /** m(factor, mscale) / m(factor, mscale_all_dim) where both are given, else m(factor, 1). */
  private static double attentionFactor(Configuration section, double factor) {
    Optional<Double> scale = optional(section, "mscale");
    Optional<Double> scaleOfAll = optional(section, "mscale_all_dim");
    return scale.isPresent() && scaleOfAll.isPresent()
        ? magnitude(factor, scale.get()) / magnitude(factor, scaleOfAll.get())
        : magnitude(factor, 1);
  }

  private static double magnitude(double factor, double scale) {
    return factor <= 1 ? 1 : 0.1 * scale * StrictMath.log(factor) + 1;
  }

  @Override
  public void check(Configuration configuration, double theta, int headSize) {
    if (theta <= 1) {
      throw configuration.malformed("rope_theta", "is 1 where YaRN needs more");
    }
  }

  @Override
  public RotaryEmbedding embedding(double theta, int headSize) {
    double fastEnd = pairTurning(betaFast, theta, headSize);
    double slowEnd = pairTurning(betaSlow, theta, headSize);
    double first = Math.max(truncate ? Math.floor(fastEnd) : fastEnd, 0);
    double last = Math.min(truncate ? Math.ceil(slowEnd) : slowEnd, headSize - 1);
    double width = last == first ? MIN_RAMP : last - first;
    return new RotaryEmbedding(
        IntStream.range(0, headSize / 2)
            .mapToObj(
                pair -> {
                  double slow = Math.clamp((pair - first) / width, 0, 1);
                  double frequency = StrictMath.pow(theta, -2.0 * pair / headSize);
                  return frequency / factor * slow + frequency * (1 - slow);
                })
            .toList(),
        attentionFactor);
  }

  /** The pair, as a fraction, that turns so many times within the original context. */
  private double pairTurning(double turns, double theta, int headSize) {
    return headSize
        * StrictMath.log(originalContext / (turns * 2 * Math.PI))
        / (2 * StrictMath.log(theta));
  }

  @Override
  public double contextLength() {
    return factor * originalContext;
  }
}
