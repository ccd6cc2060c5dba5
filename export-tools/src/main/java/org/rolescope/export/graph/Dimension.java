package org.rolescope.export.graph;

import static java.util.Objects.requireNonNull;

import ai.onnx.proto.OnnxMl;

/** A dimension of a graph input or output. */
public sealed interface Dimension {
  /** A dimension that is always this large. */
  static Dimension of(long size) {
    return new Fixed(size);
  }

  /** A dimension that the caller chooses; equal names are equal sizes. */
  static Dimension named(String name) {
    return new Free(name);
  }

  /** The dimension as ONNX spells it. */
  OnnxMl.TensorShapeProto.Dimension proto();

  /**
   * A known size.
   *
   * @param size number of elements; at least 1
   */
  record Fixed(long size) implements Dimension {
    /** Checks the size. */
    public Fixed {
      if (size < 1) {
        throw new IllegalArgumentException("a dimension has size " + size);
      }
    }

    @Override
    public OnnxMl.TensorShapeProto.Dimension proto() {
      return OnnxMl.TensorShapeProto.Dimension.newBuilder().setDimValue(size).build();
    }
  }

  /**
   * A size known when the graph runs.
   *
   * @param name name of the size
   */
  record Free(String name) implements Dimension {
    /** Checks that there is a name. */
    public Free {
      requireNonNull(name, "name is null");
    }

    @Override
    public OnnxMl.TensorShapeProto.Dimension proto() {
      return OnnxMl.TensorShapeProto.Dimension.newBuilder().setDimParam(name).build();
    }
  }
}
