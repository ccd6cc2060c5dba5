package org.rolescope.inference.session;

import static java.util.Objects.requireNonNull;

/**
 * A tensor of a layer that a run can change. The graph then has inputs that say how, with a row for
 * every prompt of the batch, so that one run can change each prompt otherwise.
 *
 * @param layer the layer
 * @param kind which tensor, and how
 */
public record GraphChange(int layer, Kind kind) {
  /** Which tensor, and how; in the order in which changes of one tensor follow each other. */
  public enum Kind {
    /** Attention scores before the mask, [batch, head, query_pos, key_pos]; replaced by head. */
    SCORES_PATCH("attn_scores.by_head", 4, false),
    /** Attention pattern, [batch, head, query_pos, key_pos]; times [batch, head, 1, 1]. */
    PATTERN_SCALE("pattern", 4, true),
    /** Attention pattern, [batch, head, query_pos, key_pos]; replaced by head. */
    PATTERN_PATCH("pattern", 4, false),
    /** Outputs of the heads, [batch, pos, head, d_head]; replaced by head. */
    Z_PATCH("z", 4, false),
    /** Output of the MLP, [token, d_model]; times [token, 1]. */
    MLP_SCALE("mlp_out", 2, true),
    /** Output of the MLP, [token, d_model]; replaced by token. */
    MLP_PATCH("mlp_out", 2, false),
    /** Residual stream behind the layer, [token, d_model]; replaced by token. */
    RESIDUAL_PATCH("resid_post.rows", 2, false);

    private final String value;
    private final int axes;
    private final boolean scales;

    Kind(String value, int axes, boolean scales) {
      this.value = value;
      this.axes = axes;
      this.scales = scales;
    }

    int axes() {
      return axes;
    }

    boolean scales() {
      return scales;
    }
  }

  /** Checks that nothing is missing. */
  public GraphChange {
    requireNonNull(kind, "kind is null");
  }

  /** Graph input with the factors or the values; float32. */
  public String valuesInput() {
    return tensor() + (kind.scales ? ".scale" : ".patch");
  }

  /** Graph input that says where the values go, shaped to broadcast over the tensor; boolean. */
  public String placesInput() {
    return tensor() + ".is_patched";
  }

  /** Name of the tensor in the graph of its stage. */
  String tensor() {
    return "blocks." + layer + "." + kind.value;
  }
}
