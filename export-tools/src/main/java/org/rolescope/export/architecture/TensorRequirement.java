package org.rolescope.export.architecture;

import static java.util.Objects.requireNonNull;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/**
 * A tensor the checkpoint must hold.
 *
 * @param name its name in the checkpoint
 * @param otherNames names it has in other checkpoints of the family; tried in this order where
 *     there is no tensor of the first name
 * @param shape the shape it must have
 */
public record TensorRequirement(String name, List<String> otherNames, List<Long> shape) {
  /** Copies the lists. */
  public TensorRequirement {
    requireNonNull(name, "name is null");
    otherNames = List.copyOf(otherNames);
    shape = List.copyOf(shape);
  }

  /** A requirement with these sizes. */
  static TensorRequirement of(String name, long... sizes) {
    return new TensorRequirement(name, List.of(), Arrays.stream(sizes).boxed().toList());
  }

  /** The same, which may also be called like this. */
  TensorRequirement orNamed(String otherName) {
    return new TensorRequirement(
        name, Stream.concat(otherNames.stream(), Stream.of(otherName)).toList(), shape);
  }

  /** All names it may have, the first one first. */
  public List<String> names() {
    return Stream.concat(Stream.of(name), otherNames.stream()).toList();
  }

  /** Number of elements. */
  public long elementCount() {
    return shape.stream().reduce(1L, Math::multiplyExact);
  }
}
