package org.rolescope.inference.session;

import java.util.Set;

/**
 * What a pass adds to the graph of a stage. Only where there is something does the pass get a
 * session of its own.
 *
 * @param changes tensors that it changes
 * @param shown tensors that the graph computes and does not give, to be outputs too; by name
 */
public record GraphEdit(Set<GraphChange> changes, Set<String> shown) {
  /** The graph as it is. */
  public static final GraphEdit NONE = new GraphEdit(Set.of(), Set.of());

  /** Copies both. */
  public GraphEdit {
    changes = Set.copyOf(changes);
    shown = Set.copyOf(shown);
  }

  /** An edit that changes tensors. */
  public static GraphEdit of(Set<GraphChange> changes) {
    return new GraphEdit(changes, Set.of());
  }

  /** Whether the graph stays as it is. */
  public boolean isNone() {
    return changes.isEmpty() && shown.isEmpty();
  }
}
