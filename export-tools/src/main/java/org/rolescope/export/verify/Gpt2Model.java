package org.rolescope.export.verify;

import java.util.stream.IntStream;

/**
 * GPT-2 (Radford et al. 2019): h = x + attention(norm(x)), y = h + project(gelu(expand(norm(h)))),
 * LayerNorm, learned positions, every matrix stored as [input, output] with a bias.
 *
 * @param options its settings
 * @param weights its checkpoint
 * @param prefix what the names of all tensors begin with: {@code transformer.}, or nothing in older
 *     checkpoints
 */
record Gpt2Model(Gpt2Options options, CheckpointWeights weights, String prefix)
    implements ReferenceModel {
  private static final String EMBEDDING = "wte.weight";

  static Gpt2Model of(Gpt2Options options, CheckpointWeights weights) {
    boolean prefixed = weights.has("transformer." + EMBEDDING);
    return new Gpt2Model(options, weights, prefixed ? "transformer." : "");
  }

  @Override
  public Sizes sizes() {
    return options.sizes();
  }

  @Override
  public Rows embed(PromptRows prompts) {
    long[] positions =
        IntStream.range(0, prompts.promptCount())
            .flatMap(prompt -> IntStream.range(0, prompts.length(prompt)))
            .asLongStream()
            .toArray();
    try (WeightMatrix tokens = table(prefix + EMBEDDING, sizes().vocabulary());
        WeightMatrix learned = table(prefix + "wpe.weight", options.positions())) {
      return Embedding.of(prompts.flatTokenIds(), tokens).plus(Embedding.of(positions, learned));
    }
  }

  @Override
  public LayerTaps run(int layer, Rows residual, PromptRows prompts) {
    String block = prefix + "h." + layer + ".";
    int width = sizes().hidden();
    Rows joined =
        project(
            block + "attn.c_attn", norm(block + "ln_1", residual), Math.multiplyExact(3, width));
    Rows values = joined.columns(2 * width, width);
    CausalAttention.Result attention =
        options
            .attention(layer)
            .attend(joined.columns(0, width), joined.columns(width, width), values, prompts);
    Rows middle = residual.plus(project(block + "attn.c_proj", attention.z(), width));
    Rows expanded =
        project(block + "mlp.c_fc", norm(block + "ln_2", middle), options.intermediate());
    Activations.apply(expanded, Activations::geluTanh);
    return new LayerTaps(
        valueNorms(block, values),
        attention,
        middle.plus(project(block + "mlp.c_proj", expanded, width)));
  }

  @Override
  public Rows unembed(Rows residual) {
    String matrix = options.tied() ? prefix + EMBEDDING : "lm_head.weight";
    try (WeightMatrix table = table(matrix, sizes().vocabulary())) {
      return MatrixProduct.of(norm(prefix + "ln_f", residual), table);
    }
  }

  private Rows valueNorms(String block, Rows values) {
    int width = sizes().hidden();
    try (WeightMatrix matrix = weights.transposed(block + "attn.c_proj.weight", width, width)) {
      return ValueNorms.of(values, matrix, sizes().heads());
    }
  }

  private Rows project(String name, Rows rows, int outputs) {
    try (WeightMatrix matrix = weights.transposed(name + ".weight", rows.width(), outputs)) {
      Rows result = MatrixProduct.of(rows, matrix);
      result.addToEach(weights.vector(name + ".bias", outputs));
      return result;
    }
  }

  private Rows norm(String name, Rows rows) {
    return Norms.layer(
        rows,
        weights.vector(name + ".weight", rows.width()),
        weights.vector(name + ".bias", rows.width()),
        options.epsilon());
  }

  private WeightMatrix table(String name, int rows) {
    return weights.matrix(name, rows, sizes().hidden());
  }
}
