package org.rolescope.orchestrator.artifacts;

import static java.util.Objects.requireNonNull;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Collectors;

/**
 * An array in NumPy's {@code .npy} format, version 1.0, C order, little-endian, without pickle.
 *
 * <p>Written by hand because the header is one line: its bytes are then the same wherever it is
 * written, and an array goes to disk from the buffer it arrived in.
 *
 * @param elementType NumPy's name of it: {@code <f4}, or {@code <U7} for texts of up to 7 code
 *     points
 * @param shape sizes of the axes, slowest first; empty for a single value
 * @param data the elements, position 0 to limit
 */
record NpyArray(String elementType, List<Integer> shape, ByteBuffer data) {
  private static final byte[] MAGIC_AND_VERSION = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0};
  private static final int ALIGNMENT_BYTES = 64;

  NpyArray {
    requireNonNull(elementType, "elementType is null");
    shape = List.copyOf(shape);
    data = data.slice().asReadOnlyBuffer();
  }

  /** Float32 values in little-endian order. */
  static NpyArray float32(List<Integer> shape, ByteBuffer littleEndian) {
    return new NpyArray("<f4", shape, littleEndian);
  }

  /** A list of texts. */
  static NpyArray texts(List<String> texts) {
    return texts(List.of(texts.size()), texts);
  }

  /** A single text. */
  static NpyArray text(String text) {
    return texts(List.of(), List.of(text));
  }

  /** A fresh view of the elements with its own position. */
  @Override
  public ByteBuffer data() {
    return data.duplicate();
  }

  /** Everything before the elements; its length is a multiple of 64. */
  byte[] header() {
    String description =
        "{'descr': '%s', 'fortran_order': False, 'shape': %s, }".formatted(elementType, tuple());
    int fixedBytes = MAGIC_AND_VERSION.length + Short.BYTES;
    int usedBytes = fixedBytes + description.length() + 1;
    int paddingBytes = Math.floorMod(-usedBytes, ALIGNMENT_BYTES);
    String line = description + " ".repeat(paddingBytes) + "\n";
    return ByteBuffer.allocate(fixedBytes + line.length())
        .order(ByteOrder.LITTLE_ENDIAN)
        .put(MAGIC_AND_VERSION)
        .putShort((short) line.length())
        .put(line.getBytes(StandardCharsets.US_ASCII))
        .array();
  }

  private String tuple() {
    // Python writes a tuple of one with a comma behind it.
    return shape.size() == 1
        ? "(" + shape.getFirst() + ",)"
        : shape.stream().map(String::valueOf).collect(Collectors.joining(", ", "(", ")"));
  }

  private static NpyArray texts(List<Integer> shape, List<String> texts) {
    List<int[]> codePoints = texts.stream().map(text -> text.codePoints().toArray()).toList();
    int width = Math.max(1, codePoints.stream().mapToInt(each -> each.length).max().orElse(1));
    ByteBuffer data =
        ByteBuffer.allocate(Math.multiplyExact(texts.size(), width * Integer.BYTES))
            .order(ByteOrder.LITTLE_ENDIAN);
    for (int text = 0; text < codePoints.size(); text++) {
      data.position(text * width * Integer.BYTES);
      for (int codePoint : codePoints.get(text)) {
        data.putInt(codePoint);
      }
    }
    return new NpyArray("<U" + width, shape, data.rewind());
  }
}
