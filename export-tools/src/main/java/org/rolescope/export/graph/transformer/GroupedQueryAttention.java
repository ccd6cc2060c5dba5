package org.rolescope.export.graph.transformer;

import org.rolescope.export.architecture.LayerTensors;
import org.rolescope.export.architecture.TensorRequirement;
import org.rolescope.export.graph.Attribute;
import org.rolescope.export.graph.GraphBuilder;
import org.rolescope.export.graph.Operation;
import org.rolescope.export.graph.Operator;
import org.rolescope.export.graph.Value;
import org.rolescope.tensors.bundle.ModelDimensions;

/**
 * Attention with grouped keys and values (Ainslie et al., 2023): pattern = softmax(q kᵀ /
 * sqrt(d_head) + mask), z = pattern · v. The query heads of a group are stacked along the query
 * positions, [batch, key_value_head, group · query_pos, d_head], so that keys and values are never
 * repeated.
 */
final class GroupedQueryAttention {
  private static final Operation SWAP_HEADS_AND_POSITIONS =
      Operator.TRANSPOSE.with(Attribute.list("perm", 0, 2, 1, 3));
  private static final Operation HEADS_FIRST_POSITIONS_LAST =
      Operator.TRANSPOSE.with(Attribute.list("perm", 0, 2, 3, 1));
  private static final Operation SOFTMAX_OVER_KEYS =
      Operator.SOFTMAX.with(Attribute.of("axis", -1));

  private final GraphBuilder graph;
  private final GraphWeights weights;
  private final ModelDimensions dimensions;
  private final SequenceInputs sequence;

  GroupedQueryAttention(
      GraphBuilder graph,
      GraphWeights weights,
      ModelDimensions dimensions,
      SequenceInputs sequence) {
    this.graph = graph;
    this.weights = weights;
    this.dimensions = dimensions;
    this.sequence = sequence;
  }

  /**
   * What attention yields.
   *
   * @param pattern [batch, head, query_pos, key_pos]; each row sums to 1
   * @param z [batch, pos, head, d_head]
   * @param rows contribution to the residual stream, [token, d_model]
   */
  record Result(Value pattern, Value z, Value rows) {}

  /**
   * Adds the attention of a block.
   *
   * @param prefix what all names begin with, for example {@code blocks.0.}
   * @param rows normed residual stream, [token, d_model]
   */
  Result apply(String prefix, LayerTensors tensors, Value rows) {
    Value query = heads(prefix + "q", rows, tensors.query(), sequence.queryShape());
    Value key = heads(prefix + "k", rows, tensors.key(), sequence.keyShape());
    Value value = heads(prefix + "v", rows, tensors.value(), sequence.keyShape());
    Value pattern =
        pattern(
            prefix,
            RotaryPositions.apply(graph, prefix + "rot_q", query, sequence),
            RotaryPositions.apply(graph, prefix + "rot_k", key, sequence));
    Value z = headOutputs(prefix, pattern, value);
    Value joined =
        reshape(prefix + "z.rows", z, -1, (long) dimensions.headCount() * dimensions.headSize());
    Value weight = weights.float32(tensors.attentionOutput());
    return new Result(
        pattern, z, LinearProjection.apply(graph, prefix + "attn_out", joined, weight));
  }

  /** [token, d_model] → [batch, pos, heads, d_head]. */
  private Value heads(String name, Value rows, TensorRequirement tensor, Value shape) {
    Value projected = LinearProjection.apply(graph, name + ".rows", rows, weights.float32(tensor));
    return graph.apply(Operator.RESHAPE, name, projected, shape);
  }

  /** [batch, pos, heads, d_head] of queries and keys → [batch, head, query_pos, key_pos]. */
  private Value pattern(String prefix, Value query, Value key) {
    Value queryByHead = graph.apply(SWAP_HEADS_AND_POSITIONS, prefix + "q.by_head", query);
    Value stacked =
        reshape(
            prefix + "q.stacked",
            queryByHead,
            0,
            dimensions.keyValueHeadCount(),
            -1,
            dimensions.headSize());
    Value keyByHead = graph.apply(HEADS_FIRST_POSITIONS_LAST, prefix + "k.by_head", key);
    Value products =
        graph.apply(Operator.MATRIX_MULTIPLY, prefix + "attn_scores.products", stacked, keyByHead);
    Value scale = graph.scalar((float) (1 / Math.sqrt(dimensions.headSize())));
    Value scaled = graph.apply(Operator.MULTIPLY, prefix + "attn_scores.scaled", products, scale);
    Value byHead =
        reshape(prefix + "attn_scores.by_head", scaled, 0, dimensions.headCount(), -1, 0);
    Value scores = graph.apply(Operator.ADD, prefix + "attn_scores", byHead, sequence.mask());
    return graph.apply(SOFTMAX_OVER_KEYS, prefix + "pattern", scores);
  }

  /** pattern and values [batch, pos, key_value_head, d_head] → [batch, pos, head, d_head]. */
  private Value headOutputs(String prefix, Value pattern, Value value) {
    Value stacked =
        reshape(prefix + "pattern.stacked", pattern, 0, dimensions.keyValueHeadCount(), -1, 0);
    Value valueByHead = graph.apply(SWAP_HEADS_AND_POSITIONS, prefix + "v.by_head", value);
    Value mixed = graph.apply(Operator.MATRIX_MULTIPLY, prefix + "z.stacked", stacked, valueByHead);
    Value byHead =
        reshape(prefix + "z.by_head", mixed, 0, dimensions.headCount(), -1, dimensions.headSize());
    return graph.apply(SWAP_HEADS_AND_POSITIONS, prefix + "z", byHead);
  }

  private Value reshape(String name, Value value, long... sizes) {
    return graph.apply(Operator.RESHAPE, name, value, graph.integers(sizes));
  }
}
