package org.rolescope.export.graph.transformer;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.Optional;
import org.rolescope.export.architecture.Block;
import org.rolescope.export.architecture.Decoder;
import org.rolescope.export.graph.Attribute;
import org.rolescope.export.graph.Dimension;
import org.rolescope.export.graph.ElementType;
import org.rolescope.export.graph.GraphBuilder;
import org.rolescope.export.graph.Operator;
import org.rolescope.export.graph.Value;
import org.rolescope.tensors.Axis;
import org.rolescope.tensors.bundle.ModelDimensions;

/**
 * What all blocks of a graph share: positions, masks and the shapes that depend on the batch. Only
 * what some block uses is declared.
 *
 * @param rotation how heads are rotated; empty for learned positions
 * @param mask added to the scores of blocks with full attention, [batch, 1, query_pos, key_pos]
 * @param slidingMask the same for blocks with sliding-window attention
 * @param queryShape int64: batch, pos, head, d_head
 * @param keyShape int64: batch, pos, key_value_head, d_head
 * @param residualShape int64: batch, pos, d_model
 */
public record SequenceInputs(
    Optional<Rotation> rotation,
    Optional<Value> mask,
    Optional<Value> slidingMask,
    Value queryShape,
    Value keyShape,
    Value residualShape) {
  /**
   * Rotary positions.
   *
   * @param cosines [batch, pos, 1, d_head/2]
   * @param sines [batch, pos, 1, d_head/2]
   */
  public record Rotation(Value cosines, Value sines) {
    /** Checks that nothing is missing. */
    public Rotation {
      requireNonNull(cosines, "cosines are null");
      requireNonNull(sines, "sines are null");
    }
  }

  /**
   * Adds the graph inputs {@code cos}, {@code sin}, {@code mask} and {@code sliding_mask}, those
   * that are used, and what follows from them.
   *
   * @param residual graph input with the residual stream, [batch, pos, d_model]
   * @param blocks the blocks of this graph
   */
  public static SequenceInputs declare(
      GraphBuilder graph, Value residual, Decoder model, List<Block> blocks) {
    ModelDimensions dimensions = model.dimensions();
    Optional<Rotation> rotation =
        model.rotary().map(rotary -> rotation(graph, dimensions.headSize()));
    Optional<Value> mask = mask(graph, "mask", blocks, false);
    Optional<Value> slidingMask = mask(graph, "sliding_mask", blocks, true);
    Value sizes =
        graph.apply(
            Operator.SHAPE.with(Attribute.of("start", 0), Attribute.of("end", 2)),
            "shape.batch_pos",
            residual);
    long headSize = dimensions.headSize();
    return new SequenceInputs(
        rotation,
        mask,
        slidingMask,
        shape(graph, "shape.query", sizes, dimensions.headCount(), headSize),
        shape(graph, "shape.key", sizes, dimensions.keyValueHeadCount(), headSize),
        shape(graph, "shape.residual", sizes, dimensions.hiddenSize()));
  }

  /** The mask of blocks that slide or do not. */
  Value mask(boolean sliding) {
    return (sliding ? slidingMask : mask).orElseThrow();
  }

  private static Rotation rotation(GraphBuilder graph, int headSize) {
    Value cosines = positions(graph, "cos", headSize);
    Value sines = positions(graph, "sin", headSize);
    return new Rotation(
        graph.apply(Operator.UNSQUEEZE, "cos.by_head", cosines, graph.integers(2L)),
        graph.apply(Operator.UNSQUEEZE, "sin.by_head", sines, graph.integers(2L)));
  }

  private static Value positions(GraphBuilder graph, String name, int headSize) {
    return graph.input(
        name,
        ElementType.FLOAT32,
        Dimension.named(Axis.BATCH),
        Dimension.named(Axis.POS),
        Dimension.of(headSize / 2));
  }

  private static Optional<Value> mask(
      GraphBuilder graph, String name, List<Block> blocks, boolean sliding) {
    if (blocks.stream().noneMatch(block -> block.attention().sliding() == sliding)) {
      return Optional.empty();
    }
    Value mask =
        graph.input(
            name,
            ElementType.FLOAT32,
            Dimension.named(Axis.BATCH),
            Dimension.named(Axis.QUERY_POS),
            Dimension.named(Axis.KEY_POS));
    return Optional.of(
        graph.apply(Operator.UNSQUEEZE, name + ".by_head", mask, graph.integers(1L)));
  }

  private static Value shape(GraphBuilder graph, String name, Value sizes, long... widths) {
    return graph.apply(
        Operator.CONCAT.with(Attribute.of("axis", 0)), name, sizes, graph.integers(widths));
  }
}
