package org.rolescope.export.graph.transformer;

import java.util.List;
import java.util.Optional;
import org.rolescope.export.architecture.Attention;
import org.rolescope.export.architecture.Norm;
import org.rolescope.export.graph.Attribute;
import org.rolescope.export.graph.GraphBuilder;
import org.rolescope.export.graph.Operation;
import org.rolescope.export.graph.Operator;
import org.rolescope.export.graph.Value;
import org.rolescope.tensors.bundle.ModelDimensions;

/**
 * Attention with grouped keys and values (Ainslie et al., 2023): pattern = softmax(scale · q kᵀ +
 * mask), z = pattern · v. The query heads of a group are stacked along the query positions, [batch,
 * key_value_head, group · query_pos, d_head], so that keys and values are never repeated.
 */
final class GroupedQueryAttention {
  private static final Operation SWAP_HEADS_AND_POSITIONS =
      Operator.TRANSPOSE.with(Attribute.list("perm", 0, 2, 1, 3));
  private static final Operation HEADS_FIRST_POSITIONS_LAST =
      Operator.TRANSPOSE.with(Attribute.list("perm", 0, 2, 3, 1));
  private static final Operation EQUAL_PARTS = Operator.SPLIT.with(Attribute.of("axis", -1));
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
   * @param value [batch, pos, key_value_head, d_head]
   * @param rows contribution to the residual stream, [token, d_model]
   */
  record Result(Value pattern, Value z, Value value, Value rows) {}

  /**
   * Adds the attention of a block.
   *
   * @param prefix what all names begin with, for example {@code blocks.0.}
   * @param rows normed residual stream, [token, d_model]
   */
  Result apply(String prefix, Attention attention, Value rows) {
    Heads heads = heads(prefix, attention, rows);
    Value pattern = pattern(prefix, attention, heads);
    Value z = headOutputs(prefix, pattern, heads.value());
    Value joined =
        reshape(prefix + "z.rows", z, -1, (long) dimensions.headCount() * dimensions.headSize());
    return new Result(
        pattern,
        z,
        heads.value(),
        LinearProjection.apply(graph, weights, prefix + "attn_out", joined, attention.output()));
  }

  /**
   * Queries, keys and values.
   *
   * @param query [batch, pos, head, d_head]
   * @param key [batch, pos, key_value_head, d_head]
   * @param value [batch, pos, key_value_head, d_head]
   */
  private record Heads(Value query, Value key, Value value) {}

  /**
   * [token, d_model] → queries and keys, normed and rotated where the model does that, and values.
   */
  private Heads heads(String prefix, Attention attention, Value rows) {
    List<Value> projected =
        switch (attention.inputs()) {
          case Attention.Separate(var query, var key, var value) ->
              List.of(
                  LinearProjection.apply(graph, weights, prefix + "q.rows", rows, query),
                  LinearProjection.apply(graph, weights, prefix + "k.rows", rows, key),
                  LinearProjection.apply(graph, weights, prefix + "v.rows", rows, value));
          case Attention.Fused(var all) ->
              graph.apply(
                  EQUAL_PARTS,
                  List.of(prefix + "q.rows", prefix + "k.rows", prefix + "v.rows"),
                  LinearProjection.apply(graph, weights, prefix + "qkv.rows", rows, all));
        };
    Optional<Attention.HeadNorms> norms = attention.headNorms();
    Value query = byHead(prefix + "q", projected.get(0), sequence.queryShape());
    Value key = byHead(prefix + "k", projected.get(1), sequence.keyShape());
    return new Heads(
        positioned(prefix, "q", query, norms.map(Attention.HeadNorms::query)),
        positioned(prefix, "k", key, norms.map(Attention.HeadNorms::key)),
        byHead(prefix + "v", projected.get(2), sequence.keyShape()));
  }

  private Value byHead(String name, Value rows, Value shape) {
    return graph.apply(Operator.RESHAPE, name, rows, shape);
  }

  private Value positioned(String prefix, String name, Value heads, Optional<Norm> norm) {
    Value normed =
        norm.map(
                found ->
                    Normalization.apply(graph, weights, prefix + name + ".normed", heads, found))
            .orElse(heads);
    return sequence
        .rotation()
        .map(rotation -> RotaryPositions.apply(graph, prefix + "rot_" + name, normed, rotation))
        .orElse(normed);
  }

  /** Queries and keys → [batch, head, query_pos, key_pos]. */
  private Value pattern(String prefix, Attention attention, Heads heads) {
    Value queryByHead = graph.apply(SWAP_HEADS_AND_POSITIONS, prefix + "q.by_head", heads.query());
    Value stacked =
        reshape(
            prefix + "q.stacked",
            queryByHead,
            0,
            dimensions.keyValueHeadCount(),
            -1,
            dimensions.headSize());
    Value keyByHead = graph.apply(HEADS_FIRST_POSITIONS_LAST, prefix + "k.by_head", heads.key());
    Value products =
        graph.apply(Operator.MATRIX_MULTIPLY, prefix + "attn_scores.products", stacked, keyByHead);
    Value scale = graph.scalar((float) attention.scoreScale());
    Value scaled = graph.apply(Operator.MULTIPLY, prefix + "attn_scores.scaled", products, scale);
    Value byHead =
        reshape(prefix + "attn_scores.by_head", scaled, 0, dimensions.headCount(), -1, 0);
    Value mask = sequence.mask(attention.sliding());
    Value scores = graph.apply(Operator.ADD, prefix + "attn_scores", byHead, mask);
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
