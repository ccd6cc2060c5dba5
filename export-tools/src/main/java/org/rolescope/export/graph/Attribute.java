package org.rolescope.export.graph;

import static java.util.Objects.requireNonNull;

import ai.onnx.proto.OnnxMl.AttributeProto;
import java.util.Arrays;
import java.util.List;

/** A setting of an operator that is fixed when the graph is built. */
public sealed interface Attribute {
  /** A whole number. */
  static Attribute of(String name, long value) {
    return new Whole(name, value);
  }

  /** A list of whole numbers. */
  static Attribute list(String name, long... values) {
    return new Wholes(name, Arrays.stream(values).boxed().toList());
  }

  /** Its name as the operator declares it. */
  String name();

  /** The attribute as ONNX spells it. */
  AttributeProto proto();

  /**
   * A whole number.
   *
   * @param name name of the attribute
   * @param value its value
   */
  record Whole(String name, long value) implements Attribute {
    /** Checks that there is a name. */
    public Whole {
      requireNonNull(name, "name is null");
    }

    @Override
    public AttributeProto proto() {
      return AttributeProto.newBuilder()
          .setName(name)
          .setType(AttributeProto.AttributeType.INT)
          .setI(value)
          .build();
    }
  }

  /**
   * A list of whole numbers.
   *
   * @param name name of the attribute
   * @param values its values
   */
  record Wholes(String name, List<Long> values) implements Attribute {
    /** Copies the values. */
    public Wholes {
      requireNonNull(name, "name is null");
      values = List.copyOf(values);
    }

    @Override
    public AttributeProto proto() {
      return AttributeProto.newBuilder()
          .setName(name)
          .setType(AttributeProto.AttributeType.INTS)
          .addAllInts(values)
          .build();
    }
  }
}
