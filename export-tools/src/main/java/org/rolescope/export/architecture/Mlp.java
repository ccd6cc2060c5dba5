package org.rolescope.export.architecture;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.stream.Stream;

/** The MLP of a block. */
public sealed interface Mlp {
  /** Its tensors, in the order it uses them. */
  List<TensorRequirement> tensors();

  /**
   * SwiGLU: down(silu(gate(x)) · up(x)).
   *
   * @param gate d_model → d_mlp
   * @param up d_model → d_mlp
   * @param down d_mlp → d_model
   */
  record Gated(Projection gate, Projection up, Projection down) implements Mlp {
    /** Checks that nothing is missing. */
    public Gated {
      requireNonNull(gate, "gate is null");
      requireNonNull(up, "up is null");
      requireNonNull(down, "down is null");
    }

    @Override
    public List<TensorRequirement> tensors() {
      return Stream.of(gate, up, down).flatMap(part -> part.tensors().stream()).toList();
    }
  }

  /**
   * Two layers with the tanh approximation of GELU between them: down(gelu(up(x))).
   *
   * @param up d_model → d_mlp
   * @param down d_mlp → d_model
   */
  record Plain(Projection up, Projection down) implements Mlp {
    /** Checks that nothing is missing. */
    public Plain {
      requireNonNull(up, "up is null");
      requireNonNull(down, "down is null");
    }

    @Override
    public List<TensorRequirement> tensors() {
      return Stream.of(up, down).flatMap(part -> part.tensors().stream()).toList();
    }
  }
}
