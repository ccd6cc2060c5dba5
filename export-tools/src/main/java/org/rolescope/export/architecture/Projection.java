package org.rolescope.export.architecture;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A linear map, with or without a bias.
 *
 * @param weight its matrix
 * @param bias its bias, [out]; empty without
 * @param layout how the checkpoint stores the matrix
 */
public record Projection(
    TensorRequirement weight, Optional<TensorRequirement> bias, Layout layout) {
  /** How a checkpoint stores a matrix. */
  public enum Layout {
    /** [out, in], as linear layers do. */
    OUT_IN,
    /** [in, out], as GPT-2's Conv1D does. */
    IN_OUT
  }

  /** Checks that nothing is missing. */
  public Projection {
    requireNonNull(weight, "weight is null");
    requireNonNull(bias, "bias is null");
    requireNonNull(layout, "layout is null");
  }

  /**
   * A linear layer: {@code name.weight}, [out, in], and {@code name.bias}.
   *
   * @param biased whether it has a bias
   */
  static Projection linear(String name, long out, long in, boolean biased) {
    return new Projection(
        TensorRequirement.of(name + ".weight", out, in),
        biased ? Optional.of(TensorRequirement.of(name + ".bias", out)) : Optional.empty(),
        Layout.OUT_IN);
  }

  /** Its tensors. */
  List<TensorRequirement> tensors() {
    return Stream.concat(Stream.of(weight), bias.stream()).toList();
  }
}
