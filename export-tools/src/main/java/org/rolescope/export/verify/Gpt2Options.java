package org.rolescope.export.verify;

import org.rolescope.export.checkpoint.Configuration;
import org.rolescope.fault.RolescopeException;

/**
 * Settings of a GPT-2.
 *
 * @param sizes sizes of the taps
 * @param positions positions that were learned
 * @param intermediate width of the MLP
 * @param epsilon of every norm
 * @param tied whether the embedding is also the output matrix
 * @param scaled whether scores are divided by √headSize
 * @param scaledByLayer whether scores of layer l are divided by l + 1, too
 */
record Gpt2Options(
    ReferenceModel.Sizes sizes,
    int positions,
    int intermediate,
    double epsilon,
    boolean tied,
    boolean scaled,
    boolean scaledByLayer) {
  private static final int MAX_LAYERS = 10_000;
  private static final int MAX_HEADS = 1 << 14;
  private static final int MAX_WIDTH = 1 << 24;

  /**
   * Whether a configuration is a GPT-2's.
   *
   * @param configuration the configuration
   */
  static boolean matches(Configuration configuration) {
    return configuration.text("model_type").stream().anyMatch("gpt2"::equals)
        || configuration.texts("architectures").contains("GPT2LMHeadModel");
  }

  /**
   * Reads a configuration.
   *
   * @throws RolescopeException MALFORMED_MODEL where a setting is missing, contradicts another, or
   *     is not known here
   */
  static Gpt2Options read(Configuration configuration) {
    if (!configuration.text("activation_function").orElse("gelu_new").equals("gelu_new")) {
      throw configuration.unsupported("activation_function", "\"gelu_new\"");
    }
    int width = configuration.size("n_embd", MAX_WIDTH);
    int heads = configuration.size("n_head", MAX_HEADS);
    if (width % heads != 0) {
      throw configuration.malformed(
          "n_embd", "is %d, which %d heads do not divide".formatted(width, heads));
    }
    return new Gpt2Options(
        new ReferenceModel.Sizes(
            configuration.size("n_layer", MAX_LAYERS),
            heads,
            width / heads,
            width,
            configuration.size("vocab_size", MAX_WIDTH)),
        configuration.size("n_positions", MAX_WIDTH),
        configuration.size("n_inner", MAX_WIDTH, 4 * width),
        configuration.positive("layer_norm_epsilon", 1).orElse(1e-5),
        configuration.flag("tie_word_embeddings", true),
        configuration.flag("scale_attn_weights", true),
        configuration.flag("scale_attn_by_inverse_layer_idx", false));
  }

  CausalAttention attention(int layer) {
    double scale = scaled ? 1 / Math.sqrt(sizes.headSize()) : 1;
    return new CausalAttention(
        sizes.heads(),
        sizes.heads(),
        sizes.headSize(),
        scaledByLayer ? scale / (layer + 1) : scale,
        0);
  }
}
