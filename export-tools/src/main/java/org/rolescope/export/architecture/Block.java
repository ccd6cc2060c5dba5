package org.rolescope.export.architecture;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.stream.Stream;

/**
 * A transformer block with pre-normalisation: x + attention(norm(x)), then that + MLP(norm(that)).
 *
 * @param attentionNorm norm before attention
 * @param attention attention
 * @param mlpNorm norm before the MLP
 * @param mlp MLP
 */
public record Block(Norm attentionNorm, Attention attention, Norm mlpNorm, Mlp mlp) {
  /** Checks that nothing is missing. */
  public Block {
    requireNonNull(attentionNorm, "attentionNorm is null");
    requireNonNull(attention, "attention is null");
    requireNonNull(mlpNorm, "mlpNorm is null");
    requireNonNull(mlp, "mlp is null");
  }

  /** Its tensors, in the order it uses them. */
  public List<TensorRequirement> tensors() {
    return Stream.of(attentionNorm.tensors(), attention.tensors(), mlpNorm.tensors(), mlp.tensors())
        .flatMap(List::stream)
        .toList();
  }
}
