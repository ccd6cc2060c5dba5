package org.rolescope.export.graph.transformer;

import org.rolescope.export.architecture.Norm;
import org.rolescope.export.graph.Attribute;
import org.rolescope.export.graph.GraphBuilder;
import org.rolescope.export.graph.Operation;
import org.rolescope.export.graph.Operator;
import org.rolescope.export.graph.Value;

/**
 * Norms over the last axis: RMSNorm (Zhang and Sennrich, 2019) and LayerNorm (Ba et al., 2016). The
 * operators stand in the order that ONNX Runtime knows how to fuse.
 */
public final class Normalization {
  private static final Operation MEAN_OF_ROW =
      Operator.REDUCE_MEAN.with(Attribute.list("axes", -1), Attribute.of("keepdims", 1));

  private Normalization() {}

  /**
   * Adds a norm.
   *
   * @param name name of the result
   * @param rows [..., width]
   * @return the same shape as rows
   */
  public static Value apply(
      GraphBuilder graph, GraphWeights weights, String name, Value rows, Norm norm) {
    return switch (norm) {
      case Norm.RootMeanSquare(var weight, double epsilon) ->
          graph.apply(
              Operator.MULTIPLY,
              name,
              overRoot(graph, name, rows, epsilon),
              weights.float32(weight));
      case Norm.Centered(var weight, var bias, double epsilon) -> {
        Value mean = graph.apply(MEAN_OF_ROW, name + ".mean", rows);
        Value centered = graph.apply(Operator.SUBTRACT, name + ".centered", rows, mean);
        Value normalized = overRoot(graph, name, centered, epsilon);
        Value scaled =
            graph.apply(Operator.MULTIPLY, name + ".scaled", normalized, weights.float32(weight));
        yield graph.apply(Operator.ADD, name, scaled, weights.float32(bias));
      }
    };
  }

  /** x / sqrt(mean(x²) + epsilon). */
  private static Value overRoot(GraphBuilder graph, String name, Value rows, double epsilon) {
    Value squares = graph.apply(Operator.POWER, name + ".squares", rows, graph.scalar(2f));
    Value meanSquare = graph.apply(MEAN_OF_ROW, name + ".mean_square", squares);
    Value shifted =
        graph.apply(Operator.ADD, name + ".shifted", meanSquare, graph.scalar((float) epsilon));
    Value scale = graph.apply(Operator.SQUARE_ROOT, name + ".scale", shifted);
    return graph.apply(Operator.DIVIDE, name + ".normalized", rows, scale);
  }
}
