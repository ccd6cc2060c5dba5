package org.rolescope.tensors;

import static java.util.Objects.requireNonNull;

/**
 * One named dimension.
 *
 * @param name name as the field uses it: {@code batch}, {@code head}, {@code query_pos}, {@code
 *     key_pos}, {@code pos}, {@code d_model}, {@code d_head}, {@code vocab}
 * @param size number of elements; at least 1
 */
public record Axis(String name, int size) {
  /** Number of the prompt within a batch. */
  public static final String BATCH = "batch";

  /** Attention head. */
  public static final String HEAD = "head";

  /** Position that attends. */
  public static final String QUERY_POS = "query_pos";

  /** Position attended to. */
  public static final String KEY_POS = "key_pos";

  /** Position in the prompt. */
  public static final String POS = "pos";

  /** Width of the residual stream. */
  public static final String D_MODEL = "d_model";

  /** Width of a head. */
  public static final String D_HEAD = "d_head";

  /** Token of the vocabulary. */
  public static final String VOCAB = "vocab";

  /** Checks the size. */
  public Axis {
    requireNonNull(name, "name is null");
    if (size < 1) {
      throw new IllegalArgumentException(
          "axis " + name + " has size " + size + ", at least 1 is needed");
    }
  }
}
