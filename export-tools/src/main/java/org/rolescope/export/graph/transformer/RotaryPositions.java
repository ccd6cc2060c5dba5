package org.rolescope.export.graph.transformer;

import java.util.List;
import org.rolescope.export.graph.Attribute;
import org.rolescope.export.graph.GraphBuilder;
import org.rolescope.export.graph.Operation;
import org.rolescope.export.graph.Operator;
import org.rolescope.export.graph.Value;

/**
 * Rotary position embedding, halves rotated (Su et al., 2021, in the layout of Hugging Face): with
 * x1 and x2 the halves of a head, (x1 cos − x2 sin, x2 cos + x1 sin).
 */
final class RotaryPositions {
  private static final Operation HALVES = Operator.SPLIT.with(Attribute.of("axis", -1));
  private static final Operation JOIN = Operator.CONCAT.with(Attribute.of("axis", -1));

  private RotaryPositions() {}

  /**
   * Adds a rotation.
   *
   * @param name name of the result
   * @param heads [batch, pos, head, d_head]
   * @return the same shape
   */
  static Value apply(
      GraphBuilder graph, String name, Value heads, SequenceInputs.Rotation rotation) {
    List<Value> halves = graph.apply(HALVES, List.of(name + ".first", name + ".second"), heads);
    Value first = halves.getFirst();
    Value second = halves.getLast();
    Value firstCosine =
        graph.apply(Operator.MULTIPLY, name + ".first_cos", first, rotation.cosines());
    Value secondSine =
        graph.apply(Operator.MULTIPLY, name + ".second_sin", second, rotation.sines());
    Value secondCosine =
        graph.apply(Operator.MULTIPLY, name + ".second_cos", second, rotation.cosines());
    Value firstSine = graph.apply(Operator.MULTIPLY, name + ".first_sin", first, rotation.sines());
    return graph.apply(
        JOIN,
        name,
        graph.apply(Operator.SUBTRACT, name + ".turned_first", firstCosine, secondSine),
        graph.apply(Operator.ADD, name + ".turned_second", secondCosine, firstSine));
  }
}
