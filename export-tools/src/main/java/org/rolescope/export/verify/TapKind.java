package org.rolescope.export.verify;

import java.nio.DoubleBuffer;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.Optional;

/** The taps that are compared, in the order they run within a layer, with their tolerances. */
enum TapKind {
  /** What one key alone makes a head write, its norm; not every bundle offers it. */
  VALUE_NORM("value_norm", 1e-4, true),
  /** Attention pattern; its values are probabilities, so differences count as they are. */
  PATTERN("pattern", 1e-5, false),
  /** Output of each head. */
  Z("z", 1e-4, true),
  /** Residual stream after the layer. */
  RESID_POST("resid_post", 1e-4, true),
  /** Logits of the last position; belong to no layer and come last. */
  LOGITS("logits", 1e-4, true);

  private final String tap;
  private final double tolerance;
  private final boolean ofRange;

  TapKind(String tap, double tolerance, boolean ofRange) {
    this.tap = tap;
    this.tolerance = tolerance;
    this.ofRange = ofRange;
  }

  /** The kind of a tap name, or empty where it is not compared. */
  static Optional<TapKind> of(String tap) {
    return Arrays.stream(values()).filter(kind -> kind.tap.equals(tap)).findFirst();
  }

  /** Tap name. */
  String tap() {
    return tap;
  }

  /** The most that counts as equal on the processor in single precision. */
  double tolerance() {
    return tolerance;
  }

  /** What errors are measured in, to stand behind a number. */
  String unit() {
    return ofRange ? " of its range" : "";
  }

  /**
   * The largest difference, as it is or divided by the range (largest minus smallest value) of what
   * is expected. A range of zero divides nothing. NaN or infinite where any value is not finite.
   *
   * @param expected as it should be
   * @param actual of the same length
   */
  double error(DoubleBuffer expected, FloatBuffer actual) {
    double largest = Double.NEGATIVE_INFINITY;
    double smallest = Double.POSITIVE_INFINITY;
    double difference = 0;
    while (expected.hasRemaining()) {
      double value = expected.get();
      largest = Math.max(largest, value);
      smallest = Math.min(smallest, value);
      // Math.max keeps a NaN, and infinity minus infinity is one: nothing infinite ever agrees.
      difference = Math.max(difference, Math.abs(actual.get() - value));
    }
    double range = largest - smallest;
    return ofRange && range > 0 ? difference / range : difference;
  }
}
