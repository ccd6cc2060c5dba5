package org.rolescope.export.verify;

import static java.util.Objects.requireNonNull;

import java.nio.DoubleBuffer;
import org.rolescope.tensors.Shape;

/** A tap of one prompt as it should be. */
public final class ReferenceTensor {
  private final String tap;
  private final int layer;
  private final Shape shape;
  private final double[] values;

  /**
   * A tap of one prompt.
   *
   * @param tap tap name
   * @param layer its layer; 0 for {@code logits}
   * @param shape its axes, without a batch axis
   * @param values the elements, row-major; belong to the tensor from now on
   */
  public ReferenceTensor(String tap, int layer, Shape shape, double[] values) {
    this.tap = requireNonNull(tap, "tap is null");
    this.layer = layer;
    this.shape = requireNonNull(shape, "shape is null");
    this.values = values;
    if (values.length != shape.elementCount()) {
      throw new IllegalArgumentException(
          "%d values do not fill %s".formatted(values.length, shape));
    }
  }

  /** Tap name. */
  public String tap() {
    return tap;
  }

  /** Its layer; 0 for {@code logits}. */
  public int layer() {
    return layer;
  }

  /** Its axes, without a batch axis. */
  public Shape shape() {
    return shape;
  }

  /** The elements, row-major; read-only. */
  public DoubleBuffer values() {
    return DoubleBuffer.wrap(values).asReadOnlyBuffer();
  }
}
