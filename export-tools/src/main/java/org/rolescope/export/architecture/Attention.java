package org.rolescope.export.architecture;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Attention of a block: pattern = softmax(scoreScale · q kᵀ + mask), z = pattern · v.
 *
 * @param inputs projections to queries, keys and values
 * @param headNorms norms of each query and key head before the rotation; empty without
 * @param output projection of the joined heads, head · d_head → d_model
 * @param scoreScale factor on the products of queries and keys
 * @param sliding whether a query sees only the keys in the model's sliding window
 */
public record Attention(
    Inputs inputs,
    Optional<HeadNorms> headNorms,
    Projection output,
    double scoreScale,
    boolean sliding) {
  /** Checks that nothing is missing. */
  public Attention {
    requireNonNull(inputs, "inputs are null");
    requireNonNull(headNorms, "headNorms is null");
    requireNonNull(output, "output is null");
  }

  /** Its tensors, in the order it uses them. */
  List<TensorRequirement> tensors() {
    return Stream.of(
            inputs.tensors(), headNorms.map(HeadNorms::tensors).orElse(List.of()), output.tensors())
        .flatMap(List::stream)
        .toList();
  }

  /** How queries, keys and values come out of the residual stream. */
  public sealed interface Inputs {
    /** The tensors of the projections. */
    List<TensorRequirement> tensors();
  }

  /**
   * One projection for each.
   *
   * @param query d_model → head · d_head
   * @param key d_model → key_value_head · d_head
   * @param value d_model → key_value_head · d_head
   */
  public record Separate(Projection query, Projection key, Projection value) implements Inputs {
    /** Checks that nothing is missing. */
    public Separate {
      requireNonNull(query, "query is null");
      requireNonNull(key, "key is null");
      requireNonNull(value, "value is null");
    }

    @Override
    public List<TensorRequirement> tensors() {
      return Stream.of(query, key, value).flatMap(part -> part.tensors().stream()).toList();
    }
  }

  /**
   * One projection whose output is queries, keys and values side by side, equally wide.
   *
   * @param all d_model → 3 · head · d_head
   */
  public record Fused(Projection all) implements Inputs {
    /** Checks that nothing is missing. */
    public Fused {
      requireNonNull(all, "all is null");
    }

    @Override
    public List<TensorRequirement> tensors() {
      return all.tensors();
    }
  }

  /**
   * Norms over d_head, the same for every head of a block.
   *
   * @param query norm of the query heads
   * @param key norm of the key heads
   */
  public record HeadNorms(Norm query, Norm key) {
    /** Checks that nothing is missing. */
    public HeadNorms {
      requireNonNull(query, "query is null");
      requireNonNull(key, "key is null");
    }

    private List<TensorRequirement> tensors() {
      return Stream.of(query, key).flatMap(norm -> norm.tensors().stream()).toList();
    }
  }
}
