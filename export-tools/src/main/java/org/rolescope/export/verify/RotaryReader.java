package org.rolescope.export.verify;

import org.rolescope.export.checkpoint.Configuration;
import org.rolescope.fault.RolescopeException;

/**
 * Reads the rotary position embedding of a configuration: {@code rope_theta} and {@code
 * rope_scaling}, or, in newer files, {@code rope_parameters} with both.
 */
final class RotaryReader {
  private static final double MAX_THETA = 1e12;
  private static final double MAX_FACTOR = 1e6;
  private static final int MAX_CONTEXT = 1 << 30;

  private final Configuration configuration;
  private final Configuration scaling;

  private RotaryReader(Configuration configuration, Configuration scaling) {
    this.configuration = configuration;
    this.scaling = scaling;
  }

  /**
   * Reads it.
   *
   * @throws RolescopeException MALFORMED_MODEL where it is of an unknown kind or incomplete
   */
  static RotaryFrequencies read(Configuration configuration) {
    Configuration scaling =
        configuration
            .section("rope_parameters")
            .or(() -> configuration.section("rope_scaling"))
            .orElse(null);
    RotaryReader reader = new RotaryReader(configuration, scaling);
    return scaling == null ? new RotaryFrequencies.Plain(reader.theta()) : reader.scaled();
  }

  private RotaryFrequencies scaled() {
    String type = scaling.text("rope_type").or(() -> scaling.text("type")).orElse("default");
    return switch (type) {
      case "default" -> new RotaryFrequencies.Plain(theta());
      case "linear" -> new RotaryFrequencies.Linear(theta(), needed("factor"));
      // Dynamic scaling counts from the context the configuration names, as its authors do.
      case "dynamic" ->
          new RotaryFrequencies.Dynamic(theta(), needed("factor"), context(configuration));
      case "llama3" ->
          new RotaryFrequencies.Llama3(
              theta(),
              needed("factor"),
              needed("low_freq_factor"),
              needed("high_freq_factor"),
              originalContext());
      case "yarn" -> yarn();
      default ->
          throw scaling.unsupported(
              scaling.has("rope_type") ? "rope_type" : "type",
              "default, linear, dynamic, llama3 and yarn");
    };
  }

  private RotaryFrequencies yarn() {
    double factor =
        scaling
            .positive("factor", MAX_FACTOR)
            .orElseGet(() -> (double) context(configuration) / originalContext());
    return new RotaryFrequencies.Yarn(
        theta(),
        factor,
        scaling.positive("attention_factor", MAX_FACTOR).orElseGet(() -> yarnAttention(factor)),
        scaling.positive("beta_fast", MAX_FACTOR).orElse(32.0),
        scaling.positive("beta_slow", MAX_FACTOR).orElse(1.0),
        originalContext(),
        scaling.flag("truncate", true));
  }

  /** YaRN's 0.1 ln(factor) + 1, or its variant with a weight above and below the line. */
  private double yarnAttention(double factor) {
    if (scaling.has("mscale") && scaling.has("mscale_all_dim")) {
      return logarithmic(factor, needed("mscale")) / logarithmic(factor, needed("mscale_all_dim"));
    }
    return logarithmic(factor, 1);
  }

  private static double logarithmic(double factor, double weight) {
    return factor <= 1 ? 1 : 0.1 * weight * Math.log(factor) + 1;
  }

  private double theta() {
    return (scaling == null ? configuration : scaling)
        .positive("rope_theta", MAX_THETA)
        .or(() -> configuration.positive("rope_theta", MAX_THETA))
        .orElse(10_000.0);
  }

  private double needed(String field) {
    return scaling
        .positive(field, MAX_FACTOR)
        .orElseThrow(() -> scaling.malformed(field, "is missing"));
  }

  private int originalContext() {
    String field = "original_max_position_embeddings";
    if (scaling.has(field)) {
      return scaling.size(field, MAX_CONTEXT);
    }
    return configuration.has(field)
        ? configuration.size(field, MAX_CONTEXT)
        : context(configuration);
  }

  private static int context(Configuration configuration) {
    return configuration.size("max_position_embeddings", MAX_CONTEXT);
  }
}
