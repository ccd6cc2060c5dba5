package org.rolescope.tensors.bundle;

import static java.util.Objects.requireNonNull;

/**
 * A graph output that is a tap.
 *
 * @param name tap name: {@code pattern}, {@code z}, {@code resid_post}, {@code logits}
 * @param layer layer it belongs to; 0 for {@code logits}, which belongs to none
 * @param output name of the graph output
 */
public record StageTap(String name, int layer, String output) {
  /** Checks that nothing is missing. */
  public StageTap {
    requireNonNull(name, "tap name is missing");
    requireNonNull(output, "tap output is missing");
  }
}
