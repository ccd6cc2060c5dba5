package org.rolescope.tensors.bundle;

import static java.util.Objects.requireNonNull;

import java.util.List;

/**
 * One ONNX graph of a bundle. Inputs and outputs by kind; a graph declares only the inputs it uses:
 *
 * <ul>
 *   <li>EMBED: {@code input_ids} int64 [batch, pos], for learned positions also {@code
 *       position_ids} int64 [batch, pos] → {@code resid_post} float32 [batch, pos, d_model]
 *   <li>BLOCKS: {@code resid_pre} [batch, pos, d_model]; with rotary positions {@code cos} and
 *       {@code sin} [batch, pos, d_head/2]; {@code mask} [batch, query_pos, key_pos] (0 visible,
 *       the most negative float hidden) for layers with full attention, {@code sliding_mask} of the
 *       same shape for layers with sliding-window attention → {@code resid_post} [batch, pos,
 *       d_model] of the last layer, the taps and the values. The batch axis of cos, sin and masks
 *       may be 1.
 *   <li>UNEMBED: {@code resid_post} [row, d_model], one row for each position asked for → {@code
 *       logits} [row, vocab]; of several such stages each gives a part of the vocabulary, in order
 *   <li>MODEL: a whole model that was not cut, the only stage of its bundle, weights inside the
 *       graph file. Of {@code input_ids}, {@code attention_mask} (all 1), {@code token_type_ids}
 *       (all 0) and {@code position_ids}, int64 [batch, pos], and {@code past_key_values...}
 *       float32 [batch, head, 0, d_head] it has those it needs → the taps {@code pattern} float32
 *       [batch, head, query_pos, key_pos] and, where the model has it, {@code logits} float32
 *       [batch, pos, vocab]
 * </ul>
 *
 * @param file graph file, relative to the bundle
 * @param kind what the stage does
 * @param firstLayer first layer of BLOCKS; 0 otherwise
 * @param lastLayer last layer of BLOCKS and MODEL, included; 0 otherwise
 * @param taps tensors that can be captured here
 * @param weights initialisers whose values lie in the weight files
 * @param values values of each layer of BLOCKS; empty otherwise, and in bundles exported before
 *     there was a tap {@code value_norm}
 */
public record Stage(
    String file,
    Kind kind,
    int firstLayer,
    int lastLayer,
    List<StageTap> taps,
    List<StageWeight> weights,
    List<StageValues> values) {
  /** What a stage does. */
  public enum Kind {
    /** Token ids to residual stream. */
    EMBED,
    /** One or more transformer blocks. */
    BLOCKS,
    /** Residual stream to logits. */
    UNEMBED,
    /** Token ids to patterns and logits: all of a model that was not cut. */
    MODEL
  }

  /** A stage without values. */
  public Stage(
      String file,
      Kind kind,
      int firstLayer,
      int lastLayer,
      List<StageTap> taps,
      List<StageWeight> weights) {
    this(file, kind, firstLayer, lastLayer, taps, weights, List.of());
  }

  /** Checks paths and layers. */
  public Stage {
    RelativePath.check(file, "stage file");
    requireNonNull(kind, "kind of stage " + file + " is missing");
    taps = taps == null ? List.of() : List.copyOf(taps);
    weights = weights == null ? List.of() : List.copyOf(weights);
    values = values == null ? List.of() : List.copyOf(values);
    if (firstLayer < 0 || lastLayer < firstLayer) {
      throw new IllegalArgumentException(
          "stage %s holds layers %d to %d".formatted(file, firstLayer, lastLayer));
    }
    for (StageValues layer : values) {
      if (layer.layer() < firstLayer || layer.layer() > lastLayer) {
        throw new IllegalArgumentException(
            "stage %s has values of layer %d but holds layers %d to %d"
                .formatted(file, layer.layer(), firstLayer, lastLayer));
      }
    }
  }

  /**
   * One of its weights.
   *
   * @throws IllegalArgumentException where the stage has none of this name
   */
  public StageWeight weight(String name) {
    return weights.stream()
        .filter(weight -> weight.name().equals(name))
        .findFirst()
        .orElseThrow(
            () -> new IllegalArgumentException("stage %s has no weight %s".formatted(file, name)));
  }
}
