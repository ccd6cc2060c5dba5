package org.rolescope.bench.checkpoint;

import java.util.ArrayList;
import java.util.List;

/**
 * A tensor of a checkpoint, named as Hugging Face names it.
 *
 * @param name its name
 * @param sizes its axes, row-major
 */
record TensorSpec(String name, List<Long> sizes) {
  private TensorSpec(String name, long... sizes) {
    this(name, java.util.Arrays.stream(sizes).boxed().toList());
  }

  /** Number of elements. */
  long elementCount() {
    return sizes.stream().reduce(1L, Math::multiplyExact);
  }

  /** Norms are filled with ones, so that signals neither die nor grow from layer to layer. */
  boolean isNorm() {
    return name.endsWith("norm.weight");
  }

  /** All tensors of a shape, in the order of the forward pass. */
  static List<TensorSpec> of(ModelShape shape) {
    List<TensorSpec> tensors = new ArrayList<>();
    tensors.add(new TensorSpec("model.embed_tokens.weight", shape.vocabulary(), shape.hidden()));
    for (int layer = 0; layer < shape.layers(); layer++) {
      addLayer(tensors, shape, "model.layers." + layer + ".");
    }
    tensors.add(new TensorSpec("model.norm.weight", shape.hidden()));
    if (!shape.tied()) {
      tensors.add(new TensorSpec("lm_head.weight", shape.vocabulary(), shape.hidden()));
    }
    return List.copyOf(tensors);
  }

  private static void addLayer(List<TensorSpec> tensors, ModelShape shape, String prefix) {
    long hidden = shape.hidden();
    long keys = (long) shape.keyValueHeads() * shape.headSize();
    tensors.add(new TensorSpec(prefix + "input_layernorm.weight", hidden));
    addProjection(tensors, shape, prefix + "self_attn.q_proj", hidden);
    addProjection(tensors, shape, prefix + "self_attn.k_proj", keys);
    addProjection(tensors, shape, prefix + "self_attn.v_proj", keys);
    tensors.add(new TensorSpec(prefix + "self_attn.o_proj.weight", hidden, hidden));
    tensors.add(new TensorSpec(prefix + "post_attention_layernorm.weight", hidden));
    tensors.add(new TensorSpec(prefix + "mlp.gate_proj.weight", shape.intermediate(), hidden));
    tensors.add(new TensorSpec(prefix + "mlp.up_proj.weight", shape.intermediate(), hidden));
    tensors.add(new TensorSpec(prefix + "mlp.down_proj.weight", hidden, shape.intermediate()));
  }

  private static void addProjection(
      List<TensorSpec> tensors, ModelShape shape, String name, long outputs) {
    tensors.add(new TensorSpec(name + ".weight", outputs, shape.hidden()));
    if (shape.family() == Family.QWEN2) {
      tensors.add(new TensorSpec(name + ".bias", outputs));
    }
  }
}
