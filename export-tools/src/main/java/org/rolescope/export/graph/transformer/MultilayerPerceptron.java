package org.rolescope.export.graph.transformer;

import org.rolescope.export.architecture.Mlp;
import org.rolescope.export.graph.GraphBuilder;
import org.rolescope.export.graph.Operator;
import org.rolescope.export.graph.Value;

/**
 * The MLP of a block: SwiGLU (Shazeer, 2020), down(silu(gate(x)) · up(x)) with silu(g) = g ·
 * sigmoid(g), or down(gelu(up(x))) with the tanh approximation of GELU (Hendrycks and Gimpel,
 * 2016).
 */
final class MultilayerPerceptron {
  private final GraphBuilder graph;
  private final GraphWeights weights;
  private final String prefix;

  /**
   * The MLP of a block.
   *
   * @param prefix what all names begin with, for example {@code blocks.0.}
   */
  MultilayerPerceptron(GraphBuilder graph, GraphWeights weights, String prefix) {
    this.graph = graph;
    this.weights = weights;
    this.prefix = prefix;
  }

  /**
   * Adds it.
   *
   * @param rows normed residual stream, [token, d_model]
   * @return contribution to the residual stream, [token, d_model]
   */
  Value apply(Mlp mlp, Value rows) {
    return switch (mlp) {
      case Mlp.Gated gated -> gated(gated, rows);
      case Mlp.Plain plain -> {
        Value before = LinearProjection.apply(graph, weights, prefix + "mlp.pre", rows, plain.up());
        yield LinearProjection.apply(
            graph, weights, prefix + "mlp_out", gelu(before), plain.down());
      }
    };
  }

  private Value gated(Mlp.Gated mlp, Value rows) {
    Value gate = LinearProjection.apply(graph, weights, prefix + "mlp.gate", rows, mlp.gate());
    Value up = LinearProjection.apply(graph, weights, prefix + "mlp.up", rows, mlp.up());
    Value sigmoid = graph.apply(Operator.SIGMOID, prefix + "mlp.sigmoid", gate);
    Value activation = graph.apply(Operator.MULTIPLY, prefix + "mlp.activation", gate, sigmoid);
    Value hidden = graph.apply(Operator.MULTIPLY, prefix + "mlp.post", activation, up);
    return LinearProjection.apply(graph, weights, prefix + "mlp_out", hidden, mlp.down());
  }

  /** x / 2 · (1 + tanh(sqrt(2/π) · (x + 0.044715 x³))). */
  private Value gelu(Value before) {
    Value cube = apply(Operator.POWER, "cube", before, graph.scalar(3f));
    Value share = apply(Operator.MULTIPLY, "cube_share", cube, graph.scalar(0.044715f));
    Value bent = apply(Operator.ADD, "bent", before, share);
    Value scale = graph.scalar((float) Math.sqrt(2 / Math.PI));
    Value tanh = apply(Operator.TANH, "tanh", apply(Operator.MULTIPLY, "scaled", bent, scale));
    Value gate = apply(Operator.ADD, "gate", tanh, graph.scalar(1f));
    Value gated = apply(Operator.MULTIPLY, "gated", before, gate);
    return apply(Operator.MULTIPLY, "post", gated, graph.scalar(0.5f));
  }

  private Value apply(Operator operator, String name, Value... inputs) {
    return graph.apply(operator, prefix + "mlp." + name, inputs);
  }
}
