package org.rolescope.export.graph.transformer;

import org.rolescope.export.architecture.LayerTensors;
import org.rolescope.export.graph.GraphBuilder;
import org.rolescope.export.graph.Operator;
import org.rolescope.export.graph.Value;

/** SwiGLU (Shazeer, 2020): down(silu(gate(x)) · up(x)), with silu(g) = g · sigmoid(g). */
final class GatedMlp {
  private GatedMlp() {}

  /**
   * Adds the MLP of a block.
   *
   * @param prefix what all names begin with, for example {@code blocks.0.}
   * @param rows normed residual stream, [token, d_model]
   * @return contribution to the residual stream, [token, d_model]
   */
  static Value apply(
      GraphBuilder graph, GraphWeights weights, String prefix, LayerTensors tensors, Value rows) {
    Value gate =
        LinearProjection.apply(graph, prefix + "mlp.gate", rows, weights.float32(tensors.gate()));
    Value up =
        LinearProjection.apply(graph, prefix + "mlp.up", rows, weights.float32(tensors.up()));
    Value sigmoid = graph.apply(Operator.SIGMOID, prefix + "mlp.sigmoid", gate);
    Value activation = graph.apply(Operator.MULTIPLY, prefix + "mlp.activation", gate, sigmoid);
    Value hidden = graph.apply(Operator.MULTIPLY, prefix + "mlp.post", activation, up);
    return LinearProjection.apply(
        graph, prefix + "mlp_out", hidden, weights.float32(tensors.down()));
  }
}
