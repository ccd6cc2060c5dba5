package org.rolescope.export.graph.transformer;

import org.rolescope.export.graph.Attribute;
import org.rolescope.export.graph.Dimension;
import org.rolescope.export.graph.ElementType;
import org.rolescope.export.graph.GraphBuilder;
import org.rolescope.export.graph.Operator;
import org.rolescope.export.graph.Value;
import org.rolescope.tensors.Axis;
import org.rolescope.tensors.bundle.ModelDimensions;

/**
 * What all blocks of a graph share: positions, mask and the shapes that depend on the batch.
 *
 * @param cosines [batch, pos, 1, d_head/2]
 * @param sines [batch, pos, 1, d_head/2]
 * @param mask added to the scores, [batch, 1, query_pos, key_pos]
 * @param queryShape int64: batch, pos, head, d_head
 * @param keyShape int64: batch, pos, key_value_head, d_head
 * @param residualShape int64: batch, pos, d_model
 */
public record SequenceInputs(
    Value cosines, Value sines, Value mask, Value queryShape, Value keyShape, Value residualShape) {
  /**
   * Adds the graph inputs {@code cos}, {@code sin} and {@code mask} and what follows from them.
   *
   * @param residual graph input with the residual stream, [batch, pos, d_model]
   */
  public static SequenceInputs declare(
      GraphBuilder graph, Value residual, ModelDimensions dimensions) {
    Value cosines = positions(graph, "cos", dimensions.headSize());
    Value sines = positions(graph, "sin", dimensions.headSize());
    Value mask =
        graph.input(
            "mask",
            ElementType.FLOAT32,
            Dimension.named(Axis.BATCH),
            Dimension.named(Axis.QUERY_POS),
            Dimension.named(Axis.KEY_POS));
    Value sizes =
        graph.apply(
            Operator.SHAPE.with(Attribute.of("start", 0), Attribute.of("end", 2)),
            "shape.batch_pos",
            residual);
    long headSize = dimensions.headSize();
    return new SequenceInputs(
        graph.apply(Operator.UNSQUEEZE, "cos.by_head", cosines, graph.integers(2L)),
        graph.apply(Operator.UNSQUEEZE, "sin.by_head", sines, graph.integers(2L)),
        graph.apply(Operator.UNSQUEEZE, "mask.by_head", mask, graph.integers(1L)),
        shape(graph, "shape.query", sizes, dimensions.headCount(), headSize),
        shape(graph, "shape.key", sizes, dimensions.keyValueHeadCount(), headSize),
        shape(graph, "shape.residual", sizes, dimensions.hiddenSize()));
  }

  private static Value positions(GraphBuilder graph, String name, int headSize) {
    return graph.input(
        name,
        ElementType.FLOAT32,
        Dimension.named(Axis.BATCH),
        Dimension.named(Axis.POS),
        Dimension.of(headSize / 2));
  }

  private static Value shape(GraphBuilder graph, String name, Value sizes, long... widths) {
    return graph.apply(
        Operator.CONCAT.with(Attribute.of("axis", 0)), name, sizes, graph.integers(widths));
  }
}
