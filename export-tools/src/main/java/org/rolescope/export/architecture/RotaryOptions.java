package org.rolescope.export.architecture;

import java.util.List;
import java.util.Optional;
import org.rolescope.export.checkpoint.Configuration;
import org.rolescope.tensors.bundle.RotaryEmbedding;

/**
 * What {@code config.json} says of rotary positions, in its older spelling ({@code rope_theta} and
 * {@code rope_scaling}) or its newer one ({@code rope_parameters}).
 *
 * @param embedding frequencies, any scaling that does not depend on the prompt applied
 * @param contextLength longest prompt in tokens
 */
record RotaryOptions(RotaryEmbedding embedding, int contextLength) {
  private static final String THETA = "rope_theta";
  private static final String OLDER = "rope_scaling";
  private static final String NEWER = "rope_parameters";
  private static final double DEFAULT_THETA = 10_000;
  private static final double MAX_THETA = 1e12;

  /**
   * Reads the options for heads of this size.
   *
   * @param headSize width of a head; even
   */
  static RotaryOptions read(Configuration configuration, int headSize) {
    checkWhole(configuration);
    int positions = configuration.size("max_position_embeddings", Limits.CONTEXT);
    Optional<Configuration> newer = configuration.section(NEWER);
    Optional<Configuration> older = configuration.section(OLDER);
    if (newer.isPresent() && older.isPresent()) {
      throw configuration.malformed(NEWER, "and %s are both there".formatted(OLDER));
    }
    Optional<Configuration> section = newer.or(() -> older);
    section.ifPresent(RotaryOptions::checkWhole);
    double theta = theta(configuration, newer);
    RotaryScaling scaling =
        section
            .map(found -> scaling(found, positions))
            .orElseGet(() -> new RotaryScaling.None(positions));
    scaling.check(configuration, theta, headSize);
    double context = Math.min(Limits.CONTEXT, Math.max(positions, scaling.contextLength()));
    return new RotaryOptions(scaling.embedding(theta, headSize), (int) context);
  }

  private static double theta(Configuration configuration, Optional<Configuration> newer) {
    Optional<Double> outer = theta(configuration);
    return newer
        .map(
            section ->
                theta(section)
                    .or(() -> outer)
                    .orElseThrow(() -> section.malformed(THETA, "is missing")))
        .or(() -> outer)
        .orElse(DEFAULT_THETA);
  }

  private static Optional<Double> theta(Configuration section) {
    return section.number(THETA, 1, MAX_THETA);
  }

  private static RotaryScaling scaling(Configuration section, int positions) {
    Optional<String> newer = section.text("rope_type");
    Optional<String> type = newer.or(() -> section.text("type"));
    if (type.isEmpty() && section.has("factor")) {
      throw section.unsupported("factor", "a scaling whose rope_type is given");
    }
    return switch (type.orElse("default")) {
      case "default" -> new RotaryScaling.None(positions);
      case "linear" -> RotaryScaling.Linear.read(section, positions);
      case "dynamic" -> RotaryScaling.Dynamic.read(section, positions);
      case "llama3" -> Llama3Scaling.read(section);
      case "yarn" -> YarnScaling.read(section, positions);
      default ->
          throw section.unsupported(
              newer.isPresent() ? "rope_type" : "type",
              "one of " + List.of("default", "linear", "dynamic", "llama3", "yarn"));
    };
  }

  private static void checkWhole(Configuration section) {
    if (section.positive("partial_rotary_factor", 1).orElse(1.0) != 1) {
      throw section.unsupported("partial_rotary_factor", "only 1, which turns whole heads");
    }
  }
}
