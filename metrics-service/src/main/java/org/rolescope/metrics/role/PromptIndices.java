package org.rolescope.metrics.role;

import java.util.Arrays;

/** Which prompts belong to a category, in order; a prompt may stand more than once. Immutable. */
public final class PromptIndices {
  private final int[] prompts;

  private PromptIndices(int[] prompts) {
    this.prompts = prompts;
  }

  /** Copies the indices. */
  public static PromptIndices of(int... prompts) {
    return new PromptIndices(prompts.clone());
  }

  /** Number of prompts. */
  public int size() {
    return prompts.length;
  }

  /** The prompt at a position. */
  public int at(int position) {
    return prompts[position];
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof PromptIndices indices && Arrays.equals(prompts, indices.prompts);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(prompts);
  }

  @Override
  public String toString() {
    return Arrays.toString(prompts);
  }
}
