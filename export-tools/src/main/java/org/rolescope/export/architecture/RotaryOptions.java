package org.rolescope.export.architecture;

import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.rolescope.export.checkpoint.Configuration;
import org.rolescope.tensors.bundle.RotaryEmbedding;

/** Reads what {@code config.json} says of rotary positions, in its older and newer spelling. */
final class RotaryOptions {
  private static final double DEFAULT_THETA = 10_000;
  private static final double MAX_THETA = 1e12;

  private RotaryOptions() {}

  /**
   * Rotary embedding of heads of this size: inverseFrequencies[i] = theta^(-2i / headSize), equal
   * on every platform.
   *
   * @param headSize width of a head; even
   */
  static RotaryEmbedding read(Configuration configuration, int headSize) {
    checkWhole(configuration);
    configuration.section("rope_scaling").ifPresent(RotaryOptions::checkUnscaled);
    double theta = theta(configuration);
    return new RotaryEmbedding(
        IntStream.range(0, headSize / 2)
            .mapToObj(pair -> StrictMath.pow(theta, -2.0 * pair / headSize))
            .toList(),
        1);
  }

  private static double theta(Configuration configuration) {
    Optional<Double> theta = configuration.positive("rope_theta", MAX_THETA);
    Optional<Configuration> parameters = configuration.section("rope_parameters");
    if (parameters.isEmpty()) {
      return theta.orElse(DEFAULT_THETA);
    }
    Configuration section = parameters.get();
    checkUnscaled(section);
    return section
        .positive("rope_theta", MAX_THETA)
        .or(() -> theta)
        .orElseThrow(() -> section.malformed("rope_theta", "is missing"));
  }

  private static void checkUnscaled(Configuration section) {
    checkWhole(section);
    for (String field : List.of("rope_type", "type")) {
      if (!section.text(field).orElse("default").equals("default")) {
        throw section.unsupported(field, "only \"default\", which is no scaling");
      }
    }
    if (!section.has("rope_type") && !section.has("type") && section.has("factor")) {
      throw section.unsupported("factor", "only rotary positions without scaling");
    }
  }

  private static void checkWhole(Configuration section) {
    if (section.positive("partial_rotary_factor", 1).orElse(1.0) != 1) {
      throw section.unsupported("partial_rotary_factor", "only 1, which turns whole heads");
    }
  }
}
