package org.rolescope.export.graph.transformer;

import org.rolescope.export.architecture.Projection;
import org.rolescope.export.graph.Attribute;
import org.rolescope.export.graph.GraphBuilder;
import org.rolescope.export.graph.Operation;
import org.rolescope.export.graph.Operator;
import org.rolescope.export.graph.Value;

/**
 * y = x Wᵀ + b, or x W + b where the checkpoint stores W that way. The weight stays as it is
 * stored: {@code Gemm} reads it either way, where a Transpose node would copy it at load.
 */
public final class LinearProjection {
  private static final Operation TIMES_TRANSPOSED = Operator.GEMM.with(Attribute.of("transB", 1));
  private static final Operation TIMES = Operator.GEMM.with();

  private LinearProjection() {}

  /**
   * Adds a projection.
   *
   * @param output name of the result, [row, out]
   * @param rows [row, in]
   */
  static Value apply(
      GraphBuilder graph, GraphWeights weights, String output, Value rows, Projection projection) {
    Operation product =
        switch (projection.layout()) {
          case OUT_IN -> TIMES_TRANSPOSED;
          case IN_OUT -> TIMES;
        };
    Value weight = weights.float32(projection.weight());
    return projection
        .bias()
        .map(weights::float32)
        .map(bias -> graph.apply(product, output, rows, weight, bias))
        .orElseGet(() -> graph.apply(product, output, rows, weight));
  }

  /**
   * Adds a projection without a bias.
   *
   * @param output name of the result, [row, out]
   * @param rows [row, in]
   * @param weight [out, in]
   */
  public static Value apply(GraphBuilder graph, String output, Value rows, Value weight) {
    return graph.apply(TIMES_TRANSPOSED, output, rows, weight);
  }
}
