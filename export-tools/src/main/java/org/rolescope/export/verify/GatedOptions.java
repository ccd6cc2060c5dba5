package org.rolescope.export.verify;

import java.util.List;
import org.rolescope.export.checkpoint.Configuration;
import org.rolescope.fault.RolescopeException;

/**
 * Settings of a model with RMSNorm, rotary attention and a gated MLP.
 *
 * @param sizes sizes of the taps
 * @param keyValueHeads key/value heads; divides the heads
 * @param intermediate width of the MLP
 * @param epsilon of every norm
 * @param tied whether the embedding is also the output matrix
 * @param biases which projections have a bias
 * @param headNorms whether queries and keys are normalised, each head by itself
 * @param windows keys each layer's queries see; 0 for all
 * @param rotary rotary position embedding
 */
record GatedOptions(
    ReferenceModel.Sizes sizes,
    int keyValueHeads,
    int intermediate,
    double epsilon,
    boolean tied,
    Biases biases,
    boolean headNorms,
    List<Integer> windows,
    RotaryTurn rotary) {
  private static final int MAX_LAYERS = 10_000;
  private static final int MAX_HEADS = 1 << 14;
  private static final int MAX_WIDTH = 1 << 24;

  /** The published default of {@code rms_norm_eps} in all these families. */
  private static final double DEFAULT_EPSILON = 1e-6;

  /** Copies the windows. */
  GatedOptions {
    windows = List.copyOf(windows);
  }

  /**
   * Which projections have a bias.
   *
   * @param queryKeyValue of q, k and v
   * @param output of attention's output projection
   * @param mlp of gate, up and down
   */
  record Biases(boolean queryKeyValue, boolean output, boolean mlp) {}

  /**
   * Reads a configuration.
   *
   * @throws RolescopeException MALFORMED_MODEL where a setting is missing, contradicts another, or
   *     is not known here
   */
  static GatedOptions read(GatedFamily family, Configuration configuration) {
    if (!configuration.text("hidden_act").orElse("silu").equals("silu")) {
      throw configuration.unsupported("hidden_act", "\"silu\"");
    }
    int layers = configuration.size("num_hidden_layers", MAX_LAYERS);
    int heads = configuration.size("num_attention_heads", MAX_HEADS);
    int hidden = configuration.size("hidden_size", MAX_WIDTH);
    int headSize = family.headSize(configuration, hidden, heads);
    int vocabulary = configuration.size("vocab_size", MAX_WIDTH);
    return new GatedOptions(
        new ReferenceModel.Sizes(layers, heads, headSize, hidden, vocabulary),
        keyValueHeads(family, configuration, heads),
        configuration.size("intermediate_size", MAX_WIDTH),
        configuration.positive("rms_norm_eps", 1).orElse(DEFAULT_EPSILON),
        configuration.flag("tie_word_embeddings", false),
        new Biases(
            family.hasQueryKeyValueBias(configuration),
            family.hasOutputBias(configuration),
            family.hasMlpBias(configuration)),
        family.hasHeadNorms(),
        SlidingWindows.read(family, configuration, layers),
        new RotaryTurn(RotaryReader.read(configuration), headSize));
  }

  private static int keyValueHeads(GatedFamily family, Configuration configuration, int heads) {
    int keyValueHeads = family.keyValueHeads(configuration, heads);
    if (heads % keyValueHeads != 0) {
      throw configuration.malformed(
          "num_key_value_heads",
          "stands for %d, which does not divide %d heads".formatted(keyValueHeads, heads));
    }
    return keyValueHeads;
  }

  int queryWidth() {
    return sizes.heads() * sizes.headSize();
  }

  int keyValueWidth() {
    return keyValueHeads * sizes.headSize();
  }

  CausalAttention attention(int layer) {
    return new CausalAttention(
        sizes.heads(),
        keyValueHeads,
        sizes.headSize(),
        1 / Math.sqrt(sizes.headSize()),
        windows.get(layer));
  }
}
