package org.rolescope.export.graph;

import static java.util.Objects.requireNonNull;

import java.util.List;

/**
 * An operator with its attributes.
 *
 * @param operator the operator
 * @param attributes its attributes; those left out have the operator's default
 */
public record Operation(Operator operator, List<Attribute> attributes) {
  /** Checks that the operator declares these attributes. */
  public Operation {
    requireNonNull(operator, "operator is null");
    attributes = List.copyOf(attributes);
    operator.checkAttributes(attributes);
  }
}
