package org.rolescope.metrics.patching;

/**
 * Where a head is.
 *
 * @param layer the layer, counting from 0
 * @param head the head, counting from 0
 */
public record HeadSite(int layer, int head) {
  /** Checks that both count from 0. */
  public HeadSite {
    PatchingChecks.require(
        layer >= 0 && head >= 0,
        "head %s of layer %s is out of range; both count from 0",
        Integer.toUnsignedString(head),
        Integer.toUnsignedString(layer));
  }
}
