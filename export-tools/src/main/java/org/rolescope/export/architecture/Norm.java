package org.rolescope.export.architecture;

import static java.util.Objects.requireNonNull;

import java.util.List;

/** A normalisation over the last axis. */
public sealed interface Norm {
  /** Its tensors. */
  List<TensorRequirement> tensors();

  /**
   * RMSNorm: x / sqrt(mean(x²) + epsilon) · weight.
   *
   * @param weight scale, [width]
   * @param epsilon added to the mean square before the root
   */
  record RootMeanSquare(TensorRequirement weight, double epsilon) implements Norm {
    /** Checks that nothing is missing. */
    public RootMeanSquare {
      requireNonNull(weight, "weight is null");
    }

    @Override
    public List<TensorRequirement> tensors() {
      return List.of(weight);
    }
  }

  /**
   * LayerNorm: (x − mean(x)) / sqrt(variance(x) + epsilon) · weight + bias.
   *
   * @param weight scale, [width]
   * @param bias shift, [width]
   * @param epsilon added to the variance before the root
   */
  record Centered(TensorRequirement weight, TensorRequirement bias, double epsilon)
      implements Norm {
    /** Checks that nothing is missing. */
    public Centered {
      requireNonNull(weight, "weight is null");
      requireNonNull(bias, "bias is null");
    }

    @Override
    public List<TensorRequirement> tensors() {
      return List.of(weight, bias);
    }
  }
}
