package org.rolescope.orchestrator.artifacts;

import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.ToDoubleFunction;
import java.util.function.ToLongFunction;
import org.rolescope.v1.LayerContrast;

/**
 * A column of the comparison table.
 *
 * @param name heading
 * @param cell the cell of a layer
 */
record ComparisonColumn(String name, Function<LayerContrast, String> cell) {
  /** Shortest form that reads back to the same value; NaN is an empty cell, as pandas writes it. */
  static ComparisonColumn number(String name, ToDoubleFunction<LayerContrast> value) {
    return new ComparisonColumn(name, layer -> text(value.applyAsDouble(layer)));
  }

  static ComparisonColumn count(String name, ToLongFunction<LayerContrast> value) {
    return new ComparisonColumn(name, layer -> Long.toString(value.applyAsLong(layer)));
  }

  /** {@code True} or {@code False}, as pandas writes and reads them. */
  static ComparisonColumn flag(String name, Predicate<LayerContrast> value) {
    return new ComparisonColumn(name, layer -> value.test(layer) ? "True" : "False");
  }

  private static String text(double value) {
    return Double.isNaN(value) ? "" : Double.toString(value);
  }
}
