package org.rolescope.export.graph.transformer;

import static java.util.Objects.requireNonNull;

import org.rolescope.export.architecture.Block;
import org.rolescope.export.graph.GraphBuilder;
import org.rolescope.export.graph.Operator;
import org.rolescope.export.graph.Value;
import org.rolescope.tensors.bundle.ModelDimensions;

/** A block: x + attention(norm(x)), then that + MLP(norm(that)). */
public final class TransformerBlock {
  private final GraphBuilder graph;
  private final GraphWeights weights;
  private final ModelDimensions dimensions;
  private final SequenceInputs sequence;

  /** Blocks of a model with these dimensions in this graph. */
  public TransformerBlock(
      GraphBuilder graph,
      GraphWeights weights,
      ModelDimensions dimensions,
      SequenceInputs sequence) {
    this.graph = requireNonNull(graph, "graph is null");
    this.weights = requireNonNull(weights, "weights are null");
    this.dimensions = requireNonNull(dimensions, "dimensions are null");
    this.sequence = requireNonNull(sequence, "sequence is null");
  }

  /**
   * What a block yields.
   *
   * @param pattern attention pattern, [batch, head, query_pos, key_pos]
   * @param z output of each head, [batch, pos, head, d_head]
   * @param value values, [batch, pos, key_value_head, d_head]
   * @param rows residual stream behind the block, [token, d_model]
   */
  public record Result(Value pattern, Value z, Value value, Value rows) {}

  /**
   * Adds a block.
   *
   * @param layer number of the block
   * @param block what it looks like
   * @param rows residual stream before it, [token, d_model]
   */
  public Result apply(int layer, Block block, Value rows) {
    String prefix = "blocks." + layer + ".";
    Value normed = Normalization.apply(graph, weights, prefix + "ln1", rows, block.attentionNorm());
    GroupedQueryAttention.Result attention =
        new GroupedQueryAttention(graph, weights, dimensions, sequence)
            .apply(prefix, block.attention(), normed);
    Value middle = graph.apply(Operator.ADD, prefix + "resid_mid", rows, attention.rows());
    Value normedMiddle =
        Normalization.apply(graph, weights, prefix + "ln2", middle, block.mlpNorm());
    Value mlp = new MultilayerPerceptron(graph, weights, prefix).apply(block.mlp(), normedMiddle);
    return new Result(
        attention.pattern(),
        attention.z(),
        attention.value(),
        graph.apply(Operator.ADD, prefix + "resid_post.rows", middle, mlp));
  }
}
