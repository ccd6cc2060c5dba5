package org.rolescope.inference.intervene;

import static java.util.Objects.requireNonNull;

import java.util.List;

/** What of a layer is changed, and how. */
public sealed interface Site {
  /**
   * Attention heads.
   *
   * @param heads the heads; empty for all
   * @param method how they are changed
   */
  record Heads(List<Integer> heads, HeadMethod method) implements Site {
    /** Copies the heads. */
    public Heads {
      heads = List.copyOf(heads);
      requireNonNull(method, "method is null");
    }
  }

  /**
   * The output of the MLP, times a factor.
   *
   * @param factor the factor; 0 takes the MLP out
   */
  record MlpScale(float factor) implements Site {}

  /**
   * The output of the MLP, replaced.
   *
   * @param patch values of a prompt, [pos, d_model]
   */
  record MlpPatch(Patch patch) implements Site {
    /** Checks that nothing is missing. */
    public MlpPatch {
      requireNonNull(patch, "patch is null");
    }
  }

  /**
   * The residual stream behind the layer, replaced.
   *
   * @param patch values of a prompt, [pos, d_model]
   */
  record ResidualPatch(Patch patch) implements Site {
    /** Checks that nothing is missing. */
    public ResidualPatch {
      requireNonNull(patch, "patch is null");
    }
  }
}
