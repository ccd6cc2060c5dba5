package org.rolescope.export.verify;

/**
 * Llama, Mistral, Qwen 2 and Qwen 3: h = x + attention(norm(x)), y = h + down(silu(gate(norm(h))) ·
 * up(norm(h))).
 *
 * @param options its settings
 * @param weights its checkpoint
 */
record GatedModel(GatedOptions options, CheckpointWeights weights) implements ReferenceModel {
  private static final String EMBEDDING = "model.embed_tokens.weight";

  @Override
  public Sizes sizes() {
    return options.sizes();
  }

  @Override
  public Rows embed(PromptRows prompts) {
    try (WeightMatrix table = table(EMBEDDING)) {
      return Embedding.of(prompts.flatTokenIds(), table);
    }
  }

  @Override
  public LayerTaps run(int layer, Rows residual, PromptRows prompts) {
    String prefix = "model.layers." + layer + ".";
    Rows normal = norm(prefix + "input_layernorm.weight", residual);
    Rows values =
        project(
            prefix + "self_attn.v_proj",
            normal,
            options.keyValueWidth(),
            options.biases().queryKeyValue());
    CausalAttention.Result attention =
        attend(layer, prefix + "self_attn.", normal, values, prompts);
    Rows output =
        project(
            prefix + "self_attn.o_proj",
            attention.z(),
            options.sizes().hidden(),
            options.biases().output());
    Rows middle = residual.plus(output);
    Rows mlp = mlp(prefix + "mlp.", norm(prefix + "post_attention_layernorm.weight", middle));
    return new LayerTaps(valueNorms(prefix, values), attention, middle.plus(mlp));
  }

  @Override
  public Rows unembed(Rows residual) {
    Rows normal = norm("model.norm.weight", residual);
    try (WeightMatrix table = table(options.tied() ? EMBEDDING : "lm_head.weight")) {
      return MatrixProduct.of(normal, table);
    }
  }

  private CausalAttention.Result attend(
      int layer, String prefix, Rows normal, Rows values, PromptRows prompts) {
    boolean bias = options.biases().queryKeyValue();
    Rows queries = project(prefix + "q_proj", normal, options.queryWidth(), bias);
    Rows keys = project(prefix + "k_proj", normal, options.keyValueWidth(), bias);
    if (options.headNorms()) {
      queries = headNorm(prefix + "q_norm.weight", queries);
      keys = headNorm(prefix + "k_norm.weight", keys);
    }
    options.rotary().apply(queries, prompts);
    options.rotary().apply(keys, prompts);
    return options.attention(layer).attend(queries, keys, values, prompts);
  }

  private Rows valueNorms(String prefix, Rows values) {
    String name = prefix + "self_attn.o_proj.weight";
    try (WeightMatrix matrix =
        weights.matrix(name, options.sizes().hidden(), options.queryWidth())) {
      return ValueNorms.of(values, matrix, options.sizes().heads());
    }
  }

  private Rows mlp(String prefix, Rows normal) {
    boolean bias = options.biases().mlp();
    Rows gate = project(prefix + "gate_proj", normal, options.intermediate(), bias);
    Rows up = project(prefix + "up_proj", normal, options.intermediate(), bias);
    Activations.apply(gate, Activations::silu);
    Activations.multiply(gate, up);
    return project(prefix + "down_proj", gate, options.sizes().hidden(), bias);
  }

  private Rows project(String name, Rows rows, int outputs, boolean bias) {
    try (WeightMatrix matrix = weights.matrix(name + ".weight", outputs, rows.width())) {
      Rows result = MatrixProduct.of(rows, matrix);
      if (bias) {
        result.addToEach(weights.vector(name + ".bias", outputs));
      }
      return result;
    }
  }

  private Rows norm(String name, Rows rows) {
    return Norms.rootMeanSquare(rows, weights.vector(name, rows.width()), options.epsilon());
  }

  private Rows headNorm(String name, Rows rows) {
    double[] scale = weights.vector(name, options.sizes().headSize());
    return Norms.rootMeanSquare(rows, scale, options.epsilon());
  }

  private WeightMatrix table(String name) {
    return weights.matrix(name, options.sizes().vocabulary(), options.sizes().hidden());
  }
}
