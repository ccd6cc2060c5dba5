package org.rolescope.metrics.correlation;

import static java.util.Objects.requireNonNull;

import java.util.Arrays;
import org.rolescope.fault.FaultCode;
import org.rolescope.fault.RolescopeException;
import org.rolescope.metrics.stats.Correlation;

/** One number a layer, from layer 0. Immutable. */
public final class LayerSeries {
  private final String name;
  private final double[] values;

  /**
   * Creates a series.
   *
   * @param name its name, for example the model family
   * @param values a value for each layer; copied
   * @throws RolescopeException INVALID_ARGUMENT where the name is blank, there are fewer than
   *     {@value Correlation#MIN_COUNT} layers, or a value is not finite
   */
  public LayerSeries(String name, double[] values) {
    this.name = requireNonNull(name, "name is null");
    this.values = values.clone();
    check(!name.isBlank(), "A series has no name; name each one");
    check(
        values.length >= Correlation.MIN_COUNT,
        "Series %s has %d %s; it needs at least %d"
            .formatted(
                name,
                values.length,
                values.length == 1 ? "layer" : "layers",
                Correlation.MIN_COUNT));
    for (int layer = 0; layer < values.length; layer++) {
      check(
          Double.isFinite(values[layer]),
          "Series %s holds %s at layer %d; give a number for every layer"
              .formatted(name, values[layer], layer));
    }
  }

  /** The name. */
  public String name() {
    return name;
  }

  /** Number of layers. */
  public int layerCount() {
    return values.length;
  }

  /** The value of a layer. */
  public double at(int layer) {
    return values[layer];
  }

  /** A copy of all values, [layer]. */
  public double[] toArray() {
    return values.clone();
  }

  /** A copy of all values but one, [layer]. */
  double[] without(int layer) {
    double[] rest = Arrays.copyOf(values, values.length - 1);
    System.arraycopy(values, layer + 1, rest, layer, rest.length - layer);
    return rest;
  }

  /**
   * The series at as many layers as another one has: layer l of count layers has the relative depth
   * l / (count − 1), and the value there is interpolated linearly between the two layers around it.
   *
   * @param count number of layers wanted, at least 2; where it is ours, the values are unchanged
   * @return the values, [layer]
   */
  double[] interpolated(int count) {
    double[] interpolated = new double[count];
    for (int layer = 0; layer < count; layer++) {
      double position = layer * (values.length - 1.0) / (count - 1);
      int below = (int) position;
      int above = Math.min(below + 1, values.length - 1);
      double share = position - below;
      interpolated[layer] = values[below] + share * (values[above] - values[below]);
    }
    return interpolated;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof LayerSeries series
        && name.equals(series.name)
        && Arrays.equals(values, series.values);
  }

  @Override
  public int hashCode() {
    return 31 * name.hashCode() + Arrays.hashCode(values);
  }

  @Override
  public String toString() {
    return "LayerSeries[%s, layers %d]".formatted(name, values.length);
  }

  private static void check(boolean holds, String otherwise) {
    if (!holds) {
      throw new RolescopeException(FaultCode.INVALID_ARGUMENT, otherwise);
    }
  }
}
