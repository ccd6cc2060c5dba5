package org.rolescope.export.architecture;

import static java.util.Objects.requireNonNull;

import java.util.List;

/**
 * The tensors of one transformer block with pre-normalisation, rotary attention and a gated MLP.
 *
 * @param attentionNorm scale of the norm before attention, [d_model]
 * @param query query projection, [head · d_head, d_model]
 * @param key key projection, [key_value_head · d_head, d_model]
 * @param value value projection, [key_value_head · d_head, d_model]
 * @param attentionOutput output projection, [d_model, head · d_head]
 * @param mlpNorm scale of the norm before the MLP, [d_model]
 * @param gate gate projection, [d_mlp, d_model]
 * @param up up projection, [d_mlp, d_model]
 * @param down down projection, [d_model, d_mlp]
 */
public record LayerTensors(
    TensorRequirement attentionNorm,
    TensorRequirement query,
    TensorRequirement key,
    TensorRequirement value,
    TensorRequirement attentionOutput,
    TensorRequirement mlpNorm,
    TensorRequirement gate,
    TensorRequirement up,
    TensorRequirement down) {
  /** Checks that nothing is missing. */
  public LayerTensors {
    requireNonNull(attentionNorm, "attentionNorm is null");
    requireNonNull(query, "query is null");
    requireNonNull(key, "key is null");
    requireNonNull(value, "value is null");
    requireNonNull(attentionOutput, "attentionOutput is null");
    requireNonNull(mlpNorm, "mlpNorm is null");
    requireNonNull(gate, "gate is null");
    requireNonNull(up, "up is null");
    requireNonNull(down, "down is null");
  }

  /** All of them, in the order a block uses them. */
  public List<TensorRequirement> all() {
    return List.of(attentionNorm, query, key, value, attentionOutput, mlpNorm, gate, up, down);
  }
}
