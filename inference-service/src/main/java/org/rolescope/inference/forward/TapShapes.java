package org.rolescope.inference.forward;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.rolescope.tensors.Axis;
import org.rolescope.tensors.Shape;

/** Names the axes of each tap. */
final class TapShapes {
  private static final Map<String, List<String>> AXES =
      Map.of(
          "value_norm", List.of(Axis.BATCH, Axis.HEAD, Axis.KEY_POS),
          "pattern", List.of(Axis.BATCH, Axis.HEAD, Axis.QUERY_POS, Axis.KEY_POS),
          "z", List.of(Axis.BATCH, Axis.POS, Axis.HEAD, Axis.D_HEAD),
          "mlp_out", List.of(Axis.BATCH, Axis.POS, Axis.D_MODEL),
          "resid_post", List.of(Axis.BATCH, Axis.POS, Axis.D_MODEL),
          "logits", List.of(Axis.BATCH, Axis.VOCAB));

  private TapShapes() {}

  /**
   * The shape of a tap.
   *
   * @param tap tap name
   * @param sizes sizes as the graph gave them
   */
  static Shape of(String tap, long[] sizes) {
    List<String> names = AXES.getOrDefault(tap, List.of());
    if (names.size() != sizes.length) {
      throw new IllegalArgumentException(
          "tap %s has %d axes, %d are expected".formatted(tap, sizes.length, names.size()));
    }
    List<Axis> axes = new ArrayList<>();
    for (int axis = 0; axis < sizes.length; axis++) {
      axes.add(new Axis(names.get(axis), Math.toIntExact(sizes[axis])));
    }
    return new Shape(axes);
  }
}
