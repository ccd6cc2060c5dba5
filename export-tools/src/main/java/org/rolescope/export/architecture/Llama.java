package org.rolescope.export.architecture;

import static java.util.Objects.requireNonNull;

import java.util.List;
import org.rolescope.export.checkpoint.Configuration;
import org.rolescope.fault.RolescopeException;
import org.rolescope.tensors.bundle.ModelDimensions;
import org.rolescope.tensors.bundle.RotaryEmbedding;

/**
 * Llama and its namesakes: RMSNorm, rotary attention with grouped keys and values, SwiGLU, no
 * biases. Absent settings mean what they mean to Hugging Face transformers.
 *
 * @param dimensions sizes of the model
 * @param rotary rotary position embedding
 * @param normEpsilon added to the mean square in every norm
 * @param tiedEmbeddings whether the embedding is also the output matrix
 */
public record Llama(
    ModelDimensions dimensions, RotaryEmbedding rotary, double normEpsilon, boolean tiedEmbeddings)
    implements Architecture {
  private static final int MAX_LAYERS = 10_000;
  private static final int MAX_HEADS = 1 << 14;
  private static final int MAX_HEAD_SIZE = 1 << 12;
  private static final int MAX_WIDTH = 1 << 20;
  private static final int MAX_INTERMEDIATE = 1 << 24;
  private static final int MAX_VOCABULARY = 1 << 24;
  private static final int MAX_CONTEXT = 1 << 30;

  /** Checks that nothing is missing. */
  public Llama {
    requireNonNull(dimensions, "dimensions are null");
    requireNonNull(rotary, "rotary is null");
  }

  /**
   * Reads a configuration of this family.
   *
   * @throws RolescopeException MALFORMED_MODEL where a setting is not supported, or a value is
   *     missing or absurd
   */
  static Llama read(Configuration configuration) {
    checkSupported(configuration);
    int headSize = headSize(configuration);
    return new Llama(
            dimensions(configuration, headSize),
            RotaryOptions.read(configuration, headSize),
            configuration
                .positive("rms_norm_eps", 1)
                .orElseThrow(() -> configuration.malformed("rms_norm_eps", "is missing")),
            configuration.flag("tie_word_embeddings", false))
        .withParametersCounted();
  }

  @Override
  public TensorRequirement embedding() {
    return TensorRequirement.of(
        "model.embed_tokens.weight", dimensions.vocabularySize(), dimensions.hiddenSize());
  }

  @Override
  public LayerTensors layer(int layer) {
    String prefix = "model.layers." + layer + ".";
    long hidden = dimensions.hiddenSize();
    long intermediate = dimensions.intermediateSize();
    long queries = (long) dimensions.headCount() * dimensions.headSize();
    long keys = (long) dimensions.keyValueHeadCount() * dimensions.headSize();
    return new LayerTensors(
        TensorRequirement.of(prefix + "input_layernorm.weight", hidden),
        TensorRequirement.of(prefix + "self_attn.q_proj.weight", queries, hidden),
        TensorRequirement.of(prefix + "self_attn.k_proj.weight", keys, hidden),
        TensorRequirement.of(prefix + "self_attn.v_proj.weight", keys, hidden),
        TensorRequirement.of(prefix + "self_attn.o_proj.weight", hidden, queries),
        TensorRequirement.of(prefix + "post_attention_layernorm.weight", hidden),
        TensorRequirement.of(prefix + "mlp.gate_proj.weight", intermediate, hidden),
        TensorRequirement.of(prefix + "mlp.up_proj.weight", intermediate, hidden),
        TensorRequirement.of(prefix + "mlp.down_proj.weight", hidden, intermediate));
  }

  @Override
  public TensorRequirement finalNorm() {
    return TensorRequirement.of("model.norm.weight", dimensions.hiddenSize());
  }

  @Override
  public TensorRequirement unembedding() {
    return tiedEmbeddings
        ? embedding()
        : TensorRequirement.of(
            "lm_head.weight", dimensions.vocabularySize(), dimensions.hiddenSize());
  }

  private static void checkSupported(Configuration configuration) {
    for (String bias : List.of("attention_bias", "mlp_bias")) {
      if (configuration.flag(bias, false)) {
        throw configuration.unsupported(bias, "only false");
      }
    }
    if (!configuration.text("hidden_act").orElse("silu").equals("silu")) {
      throw configuration.unsupported("hidden_act", "only \"silu\"");
    }
    if (configuration.has("quantization_config")) {
      throw configuration.unsupported(
          "quantization_config", "only weights in F32, F16 or BF16 without quantisation");
    }
  }

  private static int headSize(Configuration configuration) {
    int hidden = configuration.size("hidden_size", MAX_WIDTH);
    int heads = configuration.size("num_attention_heads", MAX_HEADS);
    if (!configuration.has("head_dim") && hidden % heads != 0) {
      throw configuration.malformed(
          "hidden_size", "is %d, which %d heads do not divide".formatted(hidden, heads));
    }
    int headSize =
        configuration.has("head_dim")
            ? configuration.size("head_dim", MAX_HEAD_SIZE)
            : hidden / heads;
    if (headSize % 2 != 0 || headSize > MAX_HEAD_SIZE) {
      throw configuration.malformed(
          "head_dim",
          "is %d where an even number up to %d is needed".formatted(headSize, MAX_HEAD_SIZE));
    }
    return headSize;
  }

  private static ModelDimensions dimensions(Configuration configuration, int headSize) {
    int heads = configuration.size("num_attention_heads", MAX_HEADS);
    int keyValueHeads = configuration.size("num_key_value_heads", MAX_HEADS, heads);
    if (heads % keyValueHeads != 0) {
      throw configuration.malformed(
          "num_key_value_heads",
          "is %d, which does not divide the %d heads".formatted(keyValueHeads, heads));
    }
    return new ModelDimensions(
        "llama",
        configuration.size("num_hidden_layers", MAX_LAYERS),
        heads,
        keyValueHeads,
        headSize,
        configuration.size("hidden_size", MAX_WIDTH),
        configuration.size("intermediate_size", MAX_INTERMEDIATE),
        configuration.size("vocab_size", MAX_VOCABULARY),
        configuration.size("max_position_embeddings", MAX_CONTEXT),
        1);
  }

  /** The same model with its parameters counted, which takes the tensors, which take the sizes. */
  private Llama withParametersCounted() {
    long parameters =
        tensors().stream().mapToLong(TensorRequirement::elementCount).reduce(0, Math::addExact);
    ModelDimensions counted =
        new ModelDimensions(
            dimensions.architecture(),
            dimensions.layerCount(),
            dimensions.headCount(),
            dimensions.keyValueHeadCount(),
            dimensions.headSize(),
            dimensions.hiddenSize(),
            dimensions.intermediateSize(),
            dimensions.vocabularySize(),
            dimensions.contextLength(),
            parameters);
    return new Llama(counted, rotary, normEpsilon, tiedEmbeddings);
  }
}
