package org.rolescope.inference.intervene;

import static java.util.Objects.requireNonNull;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;

/** How attention heads are changed. */
public sealed interface HeadMethod {
  /**
   * Their pattern times a factor.
   *
   * @param factor the factor; 0 takes the head out
   */
  record ScaledPattern(float factor) implements HeadMethod {}

  /** Equal attention to all visible keys. */
  record Uniform() implements HeadMethod {}

  /**
   * Softmax of N(0,1) over the visible keys.
   *
   * @param seed seed of the numbers
   */
  record Random(long seed) implements HeadMethod {}

  /** Equal attention to all keys, later ones included. */
  record ReferenceUniform() implements HeadMethod {}

  /**
   * Softmax of N(0,1) over all keys, later ones included.
   *
   * @param seed seed of the numbers
   */
  record ReferenceRandom(long seed) implements HeadMethod {}

  /**
   * Their pattern, replaced.
   *
   * @param patch values of a prompt, [head, query_pos, key_pos]
   */
  record PatternPatch(Patch patch) implements HeadMethod {
    /** Checks that nothing is missing. */
    public PatternPatch {
      requireNonNull(patch, "patch is null");
    }
  }

  /**
   * Their output before the output projection, replaced.
   *
   * @param patch values of a prompt, [pos, head, d_head]
   */
  record ZPatch(Patch patch) implements HeadMethod {
    /** Checks that nothing is missing. */
    public ZPatch {
      requireNonNull(patch, "patch is null");
    }
  }

  /**
   * Their output before the output projection, the same at every position of every prompt.
   *
   * @param values values [head, d_head], float32, little-endian, row-major; the bytes that remain
   */
  record ConstantZ(ByteBuffer values) implements HeadMethod {
    /** Takes a read-only view. */
    public ConstantZ {
      values = values.asReadOnlyBuffer();
    }

    /** The values. */
    FloatBuffer floats() {
      return values.duplicate().order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer();
    }
  }
}
