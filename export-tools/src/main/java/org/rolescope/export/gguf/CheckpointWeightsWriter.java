package org.rolescope.export.gguf;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.List;

/**
 * Writes tensors of a GGUF file as a safetensors file, piece by piece: memory does not grow with
 * them.
 */
final class CheckpointWeightsWriter {
  /** Numbers decoded at a time; a whole number of blocks of every type. */
  private static final int PIECE_LENGTH = 1 << 14;

  private static final int BUFFER_BYTES = 1 << 22;

  private final MemorySegment bytes;
  private final FileChannel out;
  private final ByteBuffer buffer =
      ByteBuffer.allocateDirect(BUFFER_BYTES).order(ByteOrder.LITTLE_ENDIAN);
  private final byte[] blocks = new byte[PIECE_LENGTH * Float.BYTES];
  private final float[] numbers = new float[PIECE_LENGTH];

  private CheckpointWeightsWriter(MemorySegment bytes, FileChannel out) {
    this.bytes = bytes;
    this.out = out;
  }

  /**
   * Writes a file that must not be there yet.
   *
   * @param bytes the whole GGUF file
   * @param placements the tensors
   */
  static void write(MemorySegment bytes, List<Placement> placements, Path file) throws IOException {
    // The largest elements first: so every tensor is aligned to its elements.
    List<Placement> sorted =
        placements.stream()
            .sorted(
                Comparator.comparingInt(
                        (Placement placed) -> -placed.source().type().stored().sizeBits())
                    .thenComparing(Placement::name))
            .toList();
    try (FileChannel out =
        FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      CheckpointWeightsWriter writer = new CheckpointWeightsWriter(bytes, out);
      writer.put(header(sorted));
      for (Placement placed : sorted) {
        writer.tensor(placed);
      }
      writer.flush();
      out.force(true);
    }
  }

  /** Length and JSON, padded with spaces so that the data begins at a multiple of 8. */
  private static byte[] header(List<Placement> placements) throws IOException {
    ObjectNode root = JsonNodeFactory.instance.objectNode();
    root.putObject("__metadata__").put("format", "pt");
    long begin = 0;
    for (Placement placed : placements) {
      ObjectNode entry = root.putObject(placed.name());
      entry.put("dtype", placed.source().type().stored().name());
      entry.set("shape", new JsonMapper().valueToTree(placed.source().shape()));
      entry.putArray("data_offsets").add(begin).add(begin + placed.sizeBytes());
      begin += placed.sizeBytes();
    }
    byte[] json = new JsonMapper().writeValueAsString(root).getBytes(StandardCharsets.UTF_8);
    int length = (json.length + Long.BYTES - 1) / Long.BYTES * Long.BYTES;
    ByteBuffer header =
        ByteBuffer.allocate(Long.BYTES + length).order(ByteOrder.LITTLE_ENDIAN).putLong(length);
    header.put(json);
    while (header.hasRemaining()) {
      header.put((byte) ' ');
    }
    return header.array();
  }

  private void tensor(Placement placed) throws IOException {
    GgufTensor source = placed.source();
    if (placed.order().isSame()) {
      numbers(source, source.offsetBytes(), source.length());
      return;
    }
    long rowLength = source.length() / source.rows();
    long rowBytes = source.sizeBytes() / source.rows();
    for (long row = 0; row < source.rows(); row++) {
      numbers(source, source.offsetBytes() + placed.order().source(row) * rowBytes, rowLength);
    }
  }

  /** Writes so many consecutive numbers, whole blocks, from this position on. */
  private void numbers(GgufTensor source, long position, long length) throws IOException {
    GgufType type = source.type();
    for (long done = 0; done < length; done += PIECE_LENGTH) {
      int count = (int) Math.min(PIECE_LENGTH, length - done) / type.blockLength();
      long begin = position + done / type.blockLength() * type.blockBytes();
      int sizeBytes = count * type.blockBytes();
      MemorySegment.copy(bytes, ValueLayout.JAVA_BYTE, begin, blocks, 0, sizeBytes);
      if (type.isQuantised()) {
        type.decode(blocks, count, numbers);
        put(numbers, count * type.blockLength());
      } else {
        makeRoom(sizeBytes);
        buffer.put(blocks, 0, sizeBytes);
      }
    }
  }

  private void put(float[] values, int count) throws IOException {
    int sizeBytes = count * Float.BYTES;
    makeRoom(sizeBytes);
    buffer.asFloatBuffer().put(values, 0, count);
    buffer.position(buffer.position() + sizeBytes);
  }

  private void put(byte[] content) throws IOException {
    for (int done = 0; done < content.length; done += BUFFER_BYTES) {
      int count = Math.min(BUFFER_BYTES, content.length - done);
      makeRoom(count);
      buffer.put(content, done, count);
    }
  }

  private void makeRoom(int sizeBytes) throws IOException {
    if (buffer.remaining() < sizeBytes) {
      flush();
    }
  }

  private void flush() throws IOException {
    buffer.flip();
    while (buffer.hasRemaining()) {
      out.write(buffer);
    }
    buffer.clear();
  }
}
