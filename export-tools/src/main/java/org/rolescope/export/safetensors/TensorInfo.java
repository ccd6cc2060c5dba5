package org.rolescope.export.safetensors;

import static java.util.Objects.requireNonNull;

import java.util.List;

/**
 * Where a tensor lies in its file.
 *
 * @param name name in the checkpoint
 * @param type element type on disk, little-endian
 * @param shape sizes, row-major; empty for a scalar
 * @param offsetBytes position of the first byte, counted from the start of the file
 * @param sizeBytes length in bytes
 */
public record TensorInfo(
    String name, StoredType type, List<Long> shape, long offsetBytes, long sizeBytes) {
  /** Copies the shape. */
  public TensorInfo {
    requireNonNull(name, "name is null");
    requireNonNull(type, "type is null");
    shape = List.copyOf(shape);
  }
}
