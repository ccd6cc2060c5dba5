package org.rolescope.export.graph;

import static java.util.Objects.requireNonNull;

/**
 * A tensor inside a graph: an input, a weight, a constant, or what an operator returned.
 *
 * @param name its name in the graph
 */
public record Value(String name) {
  /** Checks that there is a name. */
  public Value {
    requireNonNull(name, "name is null");
  }
}
