package org.rolescope.tensors.bundle;

import static java.util.Objects.requireNonNull;

/**
 * The value vectors of a layer and the projection that takes the outputs of its heads to the
 * residual stream: what a head would write there if it attended to one key alone, v W_O, follows
 * from the two. The tap {@code value_norm} is its norm.
 *
 * @param layer layer they belong to
 * @param output graph output that gives the values, bias included: float32 [batch, pos,
 *     key_value_head, d_head]; query head h reads key/value head h · key_value_heads / heads
 * @param projection name of the stage's weight that is the output projection
 * @param layout how that weight is stored
 */
public record StageValues(int layer, String output, String projection, Layout layout) {
  /** How an output projection is stored. */
  public enum Layout {
    /** [d_model, head · d_head]. */
    OUT_IN,
    /** [head · d_head, d_model]. */
    IN_OUT
  }

  /** Checks that nothing is missing. */
  public StageValues {
    requireNonNull(output, "output of values is missing");
    requireNonNull(projection, "projection of values is missing");
    requireNonNull(layout, "layout of projection " + projection + " is missing");
  }
}
