package org.rolescope.tensors;

import java.util.List;
import java.util.stream.Collectors;

/**
 * Named axes, slowest first (row-major).
 *
 * @param axes the axes; may be empty, which is a scalar
 */
public record Shape(List<Axis> axes) {
  /** Copies the axes and rejects a shape whose element count overflows. */
  public Shape {
    axes = List.copyOf(axes);
    elementCount(axes);
  }

  /** A shape of these axes. */
  public static Shape of(Axis... axes) {
    return new Shape(List.of(axes));
  }

  /** Number of elements: the product of all sizes. */
  public long elementCount() {
    return elementCount(axes);
  }

  /**
   * Size of the axis with this name.
   *
   * @throws IllegalArgumentException where the shape has no such axis
   */
  public int size(String axisName) {
    return axes.stream()
        .filter(axis -> axis.name().equals(axisName))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("no axis " + axisName + " in " + this))
        .size();
  }

  /** Names of the axes, slowest first. */
  public List<String> names() {
    return axes.stream().map(Axis::name).toList();
  }

  @Override
  public String toString() {
    return axes.stream()
        .map(axis -> axis.name() + " " + axis.size())
        .collect(Collectors.joining(", ", "[", "]"));
  }

  private static long elementCount(List<Axis> axes) {
    long count = 1;
    for (Axis axis : axes) {
      try {
        count = Math.multiplyExact(count, axis.size());
      } catch (ArithmeticException overflow) {
        throw new IllegalArgumentException(
            "element count of axes " + axes + " overflows", overflow);
      }
    }
    return count;
  }
}
