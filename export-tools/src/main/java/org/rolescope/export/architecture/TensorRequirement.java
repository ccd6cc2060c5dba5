package org.rolescope.export.architecture;

import static java.util.Objects.requireNonNull;

import java.util.Arrays;
import java.util.List;

/**
 * A tensor the checkpoint must hold.
 *
 * @param name its name in the checkpoint
 * @param shape the shape it must have; matrices are [out, in]
 */
public record TensorRequirement(String name, List<Long> shape) {
  /** Copies the shape. */
  public TensorRequirement {
    requireNonNull(name, "name is null");
    shape = List.copyOf(shape);
  }

  /** A requirement with these sizes. */
  static TensorRequirement of(String name, long... sizes) {
    return new TensorRequirement(name, Arrays.stream(sizes).boxed().toList());
  }

  /** Number of elements. */
  public long elementCount() {
    return shape.stream().reduce(1L, Math::multiplyExact);
  }
}
