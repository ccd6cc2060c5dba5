package org.rolescope.export.graph.transformer;

import org.rolescope.export.graph.Attribute;
import org.rolescope.export.graph.GraphBuilder;
import org.rolescope.export.graph.Operation;
import org.rolescope.export.graph.Operator;
import org.rolescope.export.graph.Value;

/**
 * RMSNorm over the last axis: x / sqrt(mean(x²) + epsilon) · weight (Zhang and Sennrich, 2019). The
 * operators stand in the order that ONNX Runtime knows how to fuse.
 */
public final class RootMeanSquareNorm {
  private static final Operation MEAN_OF_ROW =
      Operator.REDUCE_MEAN.with(Attribute.list("axes", -1), Attribute.of("keepdims", 1));

  private RootMeanSquareNorm() {}

  /**
   * Adds a norm.
   *
   * @param name name of the result
   * @param rows [..., d_model]
   * @param weight scale, [d_model]
   * @param epsilon added to the mean square
   * @return the same shape as rows
   */
  public static Value apply(
      GraphBuilder graph, String name, Value rows, Value weight, double epsilon) {
    Value squares = graph.apply(Operator.POWER, name + ".squares", rows, graph.scalar(2f));
    Value meanSquare = graph.apply(MEAN_OF_ROW, name + ".mean_square", squares);
    Value shifted =
        graph.apply(Operator.ADD, name + ".shifted", meanSquare, graph.scalar((float) epsilon));
    Value scale = graph.apply(Operator.SQUARE_ROOT, name + ".scale", shifted);
    Value normalized = graph.apply(Operator.DIVIDE, name + ".normalized", rows, scale);
    return graph.apply(Operator.MULTIPLY, name, normalized, weight);
  }
}
