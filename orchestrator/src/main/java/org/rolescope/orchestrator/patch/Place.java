package org.rolescope.orchestrator.patch;

import java.util.Comparator;
import org.rolescope.v1.HeadSite;

/**
 * Where something is patched.
 *
 * @param layer the layer, counting from 0
 * @param head the head, counting from 0; 0 for a site of the whole layer
 */
record Place(int layer, int head) implements Comparable<Place> {
  private static final Comparator<Place> ORDER =
      Comparator.comparingInt(Place::layer).thenComparingInt(Place::head);

  static Place of(HeadSite site) {
    return new Place(site.getLayer(), site.getHead());
  }

  HeadSite message() {
    return HeadSite.newBuilder().setLayer(layer).setHead(head).build();
  }

  /** Layer and head, for example {@code 2.5}. */
  String text() {
    return layer + "." + head;
  }

  @Override
  public int compareTo(Place other) {
    return ORDER.compare(this, other);
  }
}
