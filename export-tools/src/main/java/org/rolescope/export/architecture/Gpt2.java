package org.rolescope.export.architecture;

import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.rolescope.export.checkpoint.Configuration;
import org.rolescope.tensors.bundle.ModelDimensions;

/**
 * GPT-2: learned positions, LayerNorm, one projection for queries, keys and values, and matrices
 * stored [in, out]. Tensors may have the prefix {@code transformer.} or none; the causal masks some
 * checkpoints hold ({@code attn.bias}, {@code attn.masked_bias}) are not weights and stay unused.
 * {@code reorder_and_upcast_attn} changes nothing in float32.
 */
public record Gpt2() implements Architecture {
  private static final String PREFIX = "transformer.";
  private static final double DEFAULT_EPSILON = 1e-5;
  private static final List<String> TANH_GELU =
      List.of("gelu_new", "gelu_fast", "gelu_pytorch_tanh");

  @Override
  public String modelType() {
    return "gpt2";
  }

  @Override
  public String className() {
    return "GPT2LMHeadModel";
  }

  @Override
  public Decoder read(Configuration configuration) {
    checkSupported(configuration);
    ModelDimensions sizes = dimensions(configuration);
    long width = sizes.hiddenSize();
    TensorRequirement embedding = tensor("wte.weight", sizes.vocabularySize(), width);
    return new Decoder(
            sizes,
            Optional.empty(),
            0,
            embedding,
            Optional.of(tensor("wpe.weight", sizes.contextLength(), width)),
            IntStream.range(0, sizes.layerCount())
                .mapToObj(layer -> block(configuration, layer, sizes))
                .toList(),
            norm(configuration, "ln_f", width),
            configuration.flag("tie_word_embeddings", true)
                ? embedding
                : TensorRequirement.of("lm_head.weight", sizes.vocabularySize(), width))
        .withParametersCounted();
  }

  private static void checkSupported(Configuration configuration) {
    CommonSettings.check(configuration);
    if (!TANH_GELU.contains(configuration.text("activation_function").orElse("gelu_new"))) {
      throw configuration.unsupported("activation_function", "only \"gelu_new\"");
    }
    if (configuration.flag("add_cross_attention", false)) {
      throw configuration.unsupported("add_cross_attention", "only false");
    }
  }

  private ModelDimensions dimensions(Configuration configuration) {
    int width = configuration.size("n_embd", Limits.WIDTH);
    int heads = configuration.size("n_head", Limits.HEADS);
    if (width % heads != 0 || width / heads % 2 != 0 || width / heads > Limits.HEAD_SIZE) {
      throw configuration.malformed(
          "n_embd",
          "is %d, which %d heads do not divide into an even size up to %d"
              .formatted(width, heads, Limits.HEAD_SIZE));
    }
    return new ModelDimensions(
        modelType(),
        configuration.size("n_layer", Limits.LAYERS),
        heads,
        heads,
        width / heads,
        width,
        configuration.size("n_inner", Limits.INTERMEDIATE, 4 * width),
        configuration.size("vocab_size", Limits.VOCABULARY),
        configuration.size("n_positions", Limits.CONTEXT),
        1);
  }

  private static Block block(Configuration configuration, int layer, ModelDimensions sizes) {
    String prefix = "h." + layer + ".";
    long width = sizes.hiddenSize();
    long intermediate = sizes.intermediateSize();
    return new Block(
        norm(configuration, prefix + "ln_1", width),
        new Attention(
            new Attention.Fused(projection(prefix + "attn.c_attn", width, 3 * width)),
            Optional.empty(),
            projection(prefix + "attn.c_proj", width, width),
            scoreScale(configuration, layer, sizes.headSize()),
            false),
        norm(configuration, prefix + "ln_2", width),
        new Mlp.Plain(
            projection(prefix + "mlp.c_fc", width, intermediate),
            projection(prefix + "mlp.c_proj", intermediate, width)));
  }

  private static double scoreScale(Configuration configuration, int layer, int headSize) {
    double byHead = configuration.flag("scale_attn_weights", true) ? Math.sqrt(headSize) : 1;
    boolean layered = configuration.flag("scale_attn_by_inverse_layer_idx", false);
    return 1 / (byHead * (layered ? layer + 1 : 1));
  }

  private static Norm norm(Configuration configuration, String name, long width) {
    return new Norm.Centered(
        tensor(name + ".weight", width),
        tensor(name + ".bias", width),
        configuration.positive("layer_norm_epsilon", 1).orElse(DEFAULT_EPSILON));
  }

  private static Projection projection(String name, long in, long out) {
    return new Projection(
        tensor(name + ".weight", in, out),
        Optional.of(tensor(name + ".bias", out)),
        Projection.Layout.IN_OUT);
  }

  private static TensorRequirement tensor(String name, long... sizes) {
    return TensorRequirement.of(PREFIX + name, sizes).orNamed(name);
  }
}
