package org.rolescope.export.verify;

import java.util.function.DoubleUnaryOperator;

/** Activation functions of the MLPs. */
final class Activations {
  private Activations() {}

  /** SiLU: x / (1 + e^−x). */
  static double silu(double value) {
    return value / (1 + Math.exp(-value));
  }

  /**
   * GELU by its tanh approximation (Hendrycks and Gimpel 2016), {@code gelu_new}: x/2 · (1 +
   * tanh(√(2/π) · (x + 0.044715 x³))).
   */
  static double geluTanh(double value) {
    double inner = Math.sqrt(2 / Math.PI) * (value + 0.044715 * value * value * value);
    return 0.5 * value * (1 + Math.tanh(inner));
  }

  /** Applies a function to every element, in place. */
  static void apply(Rows rows, DoubleUnaryOperator function) {
    double[] values = rows.values();
    for (int index = 0; index < values.length; index++) {
      values[index] = function.applyAsDouble(values[index]);
    }
  }

  /** Multiplies by another of the same shape, element by element, in place. */
  static void multiply(Rows rows, Rows factors) {
    double[] values = rows.values();
    for (int index = 0; index < values.length; index++) {
      values[index] *= factors.values()[index];
    }
  }
}
