package org.rolescope.export.architecture;

import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.rolescope.export.checkpoint.Configuration;
import org.rolescope.tensors.bundle.ModelDimensions;

/**
 * Reads what Llama and its relatives share: the spelling of the sizes, RMSNorm, rotary attention
 * with grouped keys and values, SwiGLU, and the names of the tensors. The families differ in the
 * options here. Absent settings mean what they mean to Hugging Face transformers.
 */
final class RotaryDecoderBuilder {
  private final String family;
  private final Configuration configuration;
  private int defaultKeyValueHeads;
  private int defaultHeadSize;
  private boolean inputBias;
  private boolean outputBias;
  private boolean mlpBias;
  private boolean headNorms;
  private SlidingBlocks sliding = SlidingBlocks.NONE;

  RotaryDecoderBuilder(String family, Configuration configuration) {
    this.family = family;
    this.configuration = configuration;
  }

  /** Key/value heads where the configuration says nothing; otherwise as many as heads. */
  RotaryDecoderBuilder defaultKeyValueHeads(int count) {
    defaultKeyValueHeads = count;
    return this;
  }

  /** Head size where the configuration says nothing; otherwise the width over the heads. */
  RotaryDecoderBuilder defaultHeadSize(int size) {
    defaultHeadSize = size;
    return this;
  }

  /** Whether queries, keys and values have biases, and whether the output projection has one. */
  RotaryDecoderBuilder attentionBiases(boolean inputs, boolean output) {
    inputBias = inputs;
    outputBias = output;
    return this;
  }

  /** Whether the three projections of the MLP have biases. */
  RotaryDecoderBuilder mlpBias(boolean biased) {
    mlpBias = biased;
    return this;
  }

  /** Every query and key head is normed before it is rotated. */
  RotaryDecoderBuilder headNorms() {
    headNorms = true;
    return this;
  }

  /** Blocks that see only a sliding window. */
  RotaryDecoderBuilder sliding(SlidingBlocks blocks) {
    sliding = blocks;
    return this;
  }

  /** The model. */
  Decoder build() {
    checkSupported();
    RotaryDecoderSizes sizes =
        RotaryDecoderSizes.read(configuration, defaultKeyValueHeads, defaultHeadSize);
    RotaryOptions rotary = RotaryOptions.read(configuration, sizes.headSize());
    ModelDimensions dimensions = sizes.dimensions(family, rotary.contextLength());
    TensorRequirement embedding = table("model.embed_tokens.weight", dimensions);
    boolean tied = configuration.flag("tie_word_embeddings", false);
    return new Decoder(
            dimensions,
            Optional.of(rotary.embedding()),
            sliding.window(),
            embedding,
            Optional.empty(),
            IntStream.range(0, dimensions.layerCount())
                .mapToObj(layer -> block(layer, dimensions))
                .toList(),
            norm("model.norm", dimensions.hiddenSize()),
            tied ? embedding : table("lm_head.weight", dimensions))
        .withParametersCounted();
  }

  private void checkSupported() {
    CommonSettings.check(configuration);
    if (!List.of("silu", "swish").contains(configuration.text("hidden_act").orElse("silu"))) {
      throw configuration.unsupported("hidden_act", "only \"silu\"");
    }
  }

  private static TensorRequirement table(String name, ModelDimensions dimensions) {
    return TensorRequirement.of(name, dimensions.vocabularySize(), dimensions.hiddenSize());
  }

  private Norm norm(String name, long width) {
    double epsilon =
        configuration
            .positive("rms_norm_eps", 1)
            .orElseThrow(() -> configuration.malformed("rms_norm_eps", "is missing"));
    return new Norm.RootMeanSquare(TensorRequirement.of(name + ".weight", width), epsilon);
  }

  private Block block(int layer, ModelDimensions dimensions) {
    String prefix = "model.layers." + layer + ".";
    long width = dimensions.hiddenSize();
    return new Block(
        norm(prefix + "input_layernorm", width),
        attention(prefix + "self_attn.", dimensions, sliding.slides().test(layer)),
        norm(prefix + "post_attention_layernorm", width),
        mlp(prefix + "mlp.", width, dimensions.intermediateSize()));
  }

  private Attention attention(String prefix, ModelDimensions dimensions, boolean slides) {
    long width = dimensions.hiddenSize();
    long headSize = dimensions.headSize();
    long queries = dimensions.headCount() * headSize;
    long keys = dimensions.keyValueHeadCount() * headSize;
    return new Attention(
        new Attention.Separate(
            Projection.linear(prefix + "q_proj", queries, width, inputBias),
            Projection.linear(prefix + "k_proj", keys, width, inputBias),
            Projection.linear(prefix + "v_proj", keys, width, inputBias)),
        headNorms ? Optional.of(headNorms(prefix, headSize)) : Optional.empty(),
        Projection.linear(prefix + "o_proj", width, queries, outputBias),
        1 / Math.sqrt(headSize),
        slides);
  }

  private Attention.HeadNorms headNorms(String prefix, long headSize) {
    return new Attention.HeadNorms(
        norm(prefix + "q_norm", headSize), norm(prefix + "k_norm", headSize));
  }

  private Mlp mlp(String prefix, long width, long intermediate) {
    return new Mlp.Gated(
        Projection.linear(prefix + "gate_proj", intermediate, width, mlpBias),
        Projection.linear(prefix + "up_proj", intermediate, width, mlpBias),
        Projection.linear(prefix + "down_proj", width, intermediate, mlpBias));
  }
}
