package org.rolescope.export.graph.transformer;

import org.rolescope.export.graph.Attribute;
import org.rolescope.export.graph.GraphBuilder;
import org.rolescope.export.graph.Operation;
import org.rolescope.export.graph.Operator;
import org.rolescope.export.graph.Value;

/**
 * y = x Wᵀ. The weight stays [out, in] as the checkpoint has it: {@code Gemm} reads it transposed,
 * where a Transpose node would copy it at load.
 */
public final class LinearProjection {
  private static final Operation TIMES_TRANSPOSED = Operator.GEMM.with(Attribute.of("transB", 1));

  private LinearProjection() {}

  /**
   * Adds a projection.
   *
   * @param output name of the result, [row, out]
   * @param rows [row, in]
   * @param weight [out, in]
   */
  public static Value apply(GraphBuilder graph, String output, Value rows, Value weight) {
    return graph.apply(TIMES_TRANSPOSED, output, rows, weight);
  }
}
