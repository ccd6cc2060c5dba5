package org.rolescope.export.gguf;

import static java.util.Objects.requireNonNull;

/**
 * A tensor of a file and what it becomes in a checkpoint.
 *
 * @param source the tensor
 * @param name its name in the checkpoint
 * @param order where its rows come from
 */
record Placement(GgufTensor source, String name, RowOrder order) {
  Placement {
    requireNonNull(source, "source is null");
    requireNonNull(name, "name is null");
    requireNonNull(order, "order is null");
  }

  /** Bytes it takes in the checkpoint. */
  long sizeBytes() {
    return source.length() * (source.type().stored().sizeBits() / Byte.SIZE);
  }
}
