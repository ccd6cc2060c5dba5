package org.rolescope.export.gguf;

import static java.util.Objects.requireNonNull;

import java.util.List;

/**
 * Where a tensor lies in its file.
 *
 * @param name name in the file, as llama.cpp spells it
 * @param type element type
 * @param shape sizes, row-major: the file has them in the opposite order
 * @param offsetBytes position of the first byte, counted from the start of the file
 * @param sizeBytes length in bytes
 */
record GgufTensor(String name, GgufType type, List<Long> shape, long offsetBytes, long sizeBytes) {
  GgufTensor {
    requireNonNull(name, "name is null");
    requireNonNull(type, "type is null");
    shape = List.copyOf(shape);
  }

  /** Numbers in the tensor. */
  long length() {
    return sizeBytes / type.blockBytes() * type.blockLength();
  }

  /** Rows: the size of the outermost axis. */
  long rows() {
    return shape.getFirst();
  }
}
