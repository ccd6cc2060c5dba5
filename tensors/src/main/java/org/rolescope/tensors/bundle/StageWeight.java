package org.rolescope.tensors.bundle;

import static java.util.Objects.requireNonNull;

import java.util.List;
import org.rolescope.tensors.DType;

/**
 * An initialiser whose value lies in a weight file.
 *
 * @param name name of the initialiser in the graph, which is the tensor's name in the checkpoint
 * @param file index into the manifest's weight files
 * @param dataType element type on disk, little-endian
 * @param shape sizes, row-major
 * @param offsetBytes position of the first byte in the file
 * @param sizeBytes length in bytes
 */
public record StageWeight(
    String name, int file, DType dataType, List<Long> shape, long offsetBytes, long sizeBytes) {
  /** Checks that size and shape agree. */
  public StageWeight {
    requireNonNull(name, "weight name is missing");
    requireNonNull(dataType, "data type of weight " + name + " is missing");
    shape = List.copyOf(requireNonNull(shape, "shape of weight " + name + " is missing"));
    long expectedBytes = dataType.sizeBytes();
    for (long size : shape) {
      if (size < 1) {
        throw new IllegalArgumentException("weight %s has a size of %d".formatted(name, size));
      }
      try {
        expectedBytes = Math.multiplyExact(expectedBytes, size);
      } catch (ArithmeticException overflow) {
        throw new IllegalArgumentException("the size of weight " + name + " overflows", overflow);
      }
    }
    if (offsetBytes < 0 || sizeBytes != expectedBytes) {
      throw new IllegalArgumentException(
          "weight %s says %d bytes at %d but its shape %s needs %d"
              .formatted(name, sizeBytes, offsetBytes, shape, expectedBytes));
    }
  }
}
