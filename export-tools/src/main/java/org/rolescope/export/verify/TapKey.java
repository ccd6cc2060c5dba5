package org.rolescope.export.verify;

/**
 * A tap of a layer, ordered as they run.
 *
 * @param layer its layer; for logits the one behind the last
 * @param kind which tap
 */
record TapKey(int layer, TapKind kind) implements Comparable<TapKey> {
  @Override
  public int compareTo(TapKey other) {
    return layer != other.layer ? Integer.compare(layer, other.layer) : kind.compareTo(other.kind);
  }
}
