package org.rolescope.export.gguf;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Reads which tensors a file claims to have, then checks that together they fill its data: each
 * begins at the next multiple of the alignment behind the one before, and nothing follows the last.
 */
final class TensorDirectory {
  /** Far above any model: the largest have some thousand. */
  static final int MAX_TENSORS = 1 << 17;

  private static final int MAX_AXES = 4;
  private static final int MAX_NAME_BYTES = 1 << 10;

  private final Path file;
  private final List<Claim> claims = new ArrayList<>();

  /** A tensor as the file claims it; its offset counts from the first byte of data. */
  private record Claim(String name, GgufType type, List<Long> shape, long offset, long sizeBytes) {}

  TensorDirectory(Path file) {
    this.file = file;
  }

  /** Reads this many claims. */
  void read(GgufCursor cursor, int count) {
    Set<String> names = new HashSet<>();
    for (int i = 0; i < count; i++) {
      Claim claim = claim(cursor);
      if (!names.add(claim.name())) {
        throw new Defect.Duplicate("tensor", claim.name()).in(file);
      }
      claims.add(claim);
    }
  }

  private Claim claim(GgufCursor cursor) {
    String name = cursor.text("the name of a tensor", MAX_NAME_BYTES);
    String what = "tensor " + name;
    List<Long> shape = shape(name, cursor);
    long typeId = cursor.uint32(what);
    GgufType type =
        GgufType.parse(typeId)
            .orElseThrow(
                () ->
                    Defect.unsupported(
                        file,
                        "holds tensor %s in the type %s".formatted(name, GgufType.name(typeId)),
                        "types that can be read are " + GgufType.all()));
    return new Claim(name, type, shape, cursor.int64(what), sizeBytes(name, type, shape));
  }

  private List<Long> shape(String name, GgufCursor cursor) {
    long axes = cursor.uint32("tensor " + name);
    if (axes < 1 || axes > MAX_AXES) {
      throw new Defect.BadAxisCount(name, axes, MAX_AXES).in(file);
    }
    List<Long> shape = new ArrayList<>();
    for (int axis = 0; axis < axes; axis++) {
      long size = cursor.int64("tensor " + name);
      if (size < 1) {
        throw new Defect.BadSize(name, size).in(file);
      }
      shape.addFirst(size);
    }
    return shape;
  }

  private long sizeBytes(String name, GgufType type, List<Long> shape) {
    long rowLength = shape.getLast();
    if (rowLength % type.blockLength() != 0) {
      throw new Defect.PartialBlock(name, type, rowLength).in(file);
    }
    try {
      long blocks = rowLength / type.blockLength();
      for (long size : shape.subList(0, shape.size() - 1)) {
        blocks = Math.multiplyExact(blocks, size);
      }
      // In float32 it must not overflow either.
      Math.multiplyExact(blocks, (long) type.blockLength() * Float.BYTES);
      return Math.multiplyExact(blocks, (long) type.blockBytes());
    } catch (ArithmeticException overflow) {
      throw new Defect.SizeOverflow(name, shape).in(file, overflow);
    }
  }

  /**
   * The tensors, in the order of their bytes.
   *
   * @param dataOffsetBytes position of the first data byte in the file
   * @param dataBytes number of data bytes
   * @param alignment what every offset is a multiple of
   */
  List<GgufTensor> tensors(long dataOffsetBytes, long dataBytes, long alignment) {
    claims.sort(Comparator.comparingLong(Claim::offset).thenComparing(Claim::name));
    List<GgufTensor> tensors = new ArrayList<>(claims.size());
    long end = 0;
    for (Claim claim : claims) {
      check(claim, end, dataBytes, alignment);
      end = claim.offset() + claim.sizeBytes();
      tensors.add(
          new GgufTensor(
              claim.name(),
              claim.type(),
              claim.shape(),
              dataOffsetBytes + claim.offset(),
              claim.sizeBytes()));
    }
    if (dataBytes != end && dataBytes != padded(end, alignment)) {
      throw new Defect.TrailingBytes(end, dataBytes).in(file);
    }
    return tensors;
  }

  private void check(Claim claim, long previousEnd, long dataBytes, long alignment) {
    if (claim.offset() % alignment != 0) {
      throw new Defect.Misaligned(claim.name(), claim.offset(), alignment).in(file);
    }
    long next = padded(previousEnd, alignment);
    if (claim.offset() != next) {
      throw new Defect.NotContiguous(claim.name(), claim.offset(), next).in(file);
    }
    if (claim.sizeBytes() > dataBytes - next) {
      throw new Defect.BeyondFile(claim.name(), next + claim.sizeBytes(), dataBytes).in(file);
    }
  }

  /** The next multiple of a power of two. */
  static long padded(long position, long alignment) {
    return position + alignment - 1 & -alignment;
  }
}
