package org.rolescope.export.graph.transformer;

import static java.util.Objects.requireNonNull;

import org.rolescope.export.architecture.Architecture;
import org.rolescope.export.architecture.LayerTensors;
import org.rolescope.export.graph.GraphBuilder;
import org.rolescope.export.graph.Operator;
import org.rolescope.export.graph.Value;

/** A block: x + attention(norm(x)), then that + MLP(norm(that)). */
public final class TransformerBlock {
  private final GraphBuilder graph;
  private final GraphWeights weights;
  private final Architecture architecture;
  private final SequenceInputs sequence;

  /** Blocks of this architecture in this graph. */
  public TransformerBlock(
      GraphBuilder graph,
      GraphWeights weights,
      Architecture architecture,
      SequenceInputs sequence) {
    this.graph = requireNonNull(graph, "graph is null");
    this.weights = requireNonNull(weights, "weights are null");
    this.architecture = requireNonNull(architecture, "architecture is null");
    this.sequence = requireNonNull(sequence, "sequence is null");
  }

  /**
   * What a block yields.
   *
   * @param pattern attention pattern, [batch, head, query_pos, key_pos]
   * @param z output of each head, [batch, pos, head, d_head]
   * @param rows residual stream behind the block, [token, d_model]
   */
  public record Result(Value pattern, Value z, Value rows) {}

  /**
   * Adds a block.
   *
   * @param layer number of the block
   * @param rows residual stream before it, [token, d_model]
   */
  public Result apply(int layer, Value rows) {
    String prefix = "blocks." + layer + ".";
    LayerTensors tensors = architecture.layer(layer);
    GroupedQueryAttention.Result attention =
        new GroupedQueryAttention(graph, weights, architecture.dimensions(), sequence)
            .apply(
                prefix,
                tensors,
                RootMeanSquareNorm.apply(
                    graph,
                    prefix + "ln1",
                    rows,
                    weights.float32(tensors.attentionNorm()),
                    architecture.normEpsilon()));
    Value middle = graph.apply(Operator.ADD, prefix + "resid_mid", rows, attention.rows());
    Value normed =
        RootMeanSquareNorm.apply(
            graph,
            prefix + "ln2",
            middle,
            weights.float32(tensors.mlpNorm()),
            architecture.normEpsilon());
    Value mlp = GatedMlp.apply(graph, weights, prefix, tensors, normed);
    return new Result(
        attention.pattern(),
        attention.z(),
        graph.apply(Operator.ADD, prefix + "resid_post.rows", middle, mlp));
  }
}
