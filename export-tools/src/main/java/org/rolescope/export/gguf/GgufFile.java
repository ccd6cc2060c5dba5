package org.rolescope.export.gguf;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HexFormat;
import java.util.List;
import org.rolescope.export.file.FileFaults;
import org.rolescope.fault.FaultCode;
import org.rolescope.fault.RolescopeException;

/**
 * A validated GGUF file of version 2 or 3, little-endian: the letters GGUF, version, counts,
 * metadata, a directory of tensors, and the data, which the tensors fill without overlap and with
 * no holes but those of the alignment.
 *
 * @param path where it lies
 * @param sizeBytes length of the file
 * @param dataOffsetBytes position of the first data byte
 * @param metadata its metadata
 * @param tensors its tensors, in the order of their bytes
 */
record GgufFile(
    Path path, long sizeBytes, long dataOffsetBytes, Metadata metadata, List<GgufTensor> tensors) {
  private static final String MAGIC = "47475546";
  private static final String ALIGNMENT = "general.alignment";
  private static final int DEFAULT_ALIGNMENT = 32;
  private static final int MAX_ALIGNMENT = 1 << 20;
  private static final String CONVERT_AGAIN = "convert the model again with a current llama.cpp";

  GgufFile {
    requireNonNull(path, "path is null");
    requireNonNull(metadata, "metadata is null");
    tensors = List.copyOf(tensors);
  }

  /** Something that is done with the bytes of a file. */
  @FunctionalInterface
  interface Use<T> {
    /** Reads from the bytes, which are mapped while it runs. */
    T of(MemorySegment bytes) throws IOException;
  }

  /**
   * Reads and validates all but the data.
   *
   * @throws RolescopeException MALFORMED_MODEL where anything is not as the format demands or of a
   *     kind that is not read, NOT_FOUND where the file is missing or cannot be read
   */
  static GgufFile read(Path path) {
    if (!Files.isRegularFile(path)) {
      throw new RolescopeException(
          FaultCode.NOT_FOUND, "There is no file %s; check the path".formatted(path));
    }
    try {
      return mapped(path, bytes -> read(path, bytes));
    } catch (IOException unreadable) {
      throw FileFaults.unreadable(path, unreadable);
    }
  }

  /** Maps the file for as long as its bytes are used. */
  <T> T use(Use<T> use) throws IOException {
    return mapped(
        path,
        bytes -> {
          if (bytes.byteSize() != sizeBytes) {
            throw new IOException("its length changed while it was read");
          }
          return use.of(bytes);
        });
  }

  private static <T> T mapped(Path path, Use<T> use) throws IOException {
    try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ);
        Arena arena = Arena.ofShared()) {
      return use.of(channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), arena));
    }
  }

  private static GgufFile read(Path path, MemorySegment bytes) {
    GgufCursor cursor = new GgufCursor(path, bytes);
    checkFormat(path, cursor);
    int tensorCount = cursor.count("tensors", TensorDirectory.MAX_TENSORS);
    int keyCount = cursor.count("keys", MetadataReader.MAX_KEYS);
    Metadata metadata = new MetadataReader(path, cursor).read(keyCount);
    TensorDirectory directory = new TensorDirectory(path);
    directory.read(cursor, tensorCount);
    long alignment = alignment(path, metadata);
    long dataOffsetBytes =
        Math.min(TensorDirectory.padded(cursor.position(), alignment), bytes.byteSize());
    return new GgufFile(
        path,
        bytes.byteSize(),
        dataOffsetBytes,
        metadata,
        directory.tensors(dataOffsetBytes, bytes.byteSize() - dataOffsetBytes, alignment));
  }

  private static void checkFormat(Path path, GgufCursor cursor) {
    byte[] magic = new byte[Integer.BYTES];
    for (int i = 0; i < magic.length; i++) {
      magic[i] = cursor.int8("its first word");
    }
    String found = HexFormat.of().formatHex(magic);
    if (!found.equals(MAGIC)) {
      throw new Defect.WrongMagic(found).in(path);
    }
    long version = cursor.uint32("its version");
    if ((version & 0xffff) == 0 && version != 0) {
      throw Defect.unsupported(
          path, "is a big-endian file", "convert the model for a little-endian machine");
    }
    if (version != 2 && version != 3) {
      throw Defect.unsupported(
          path, "has version %d of GGUF".formatted(version), CONVERT_AGAIN + ", which writes 3");
    }
  }

  private static long alignment(Path path, Metadata metadata) {
    int alignment = metadata.whole(ALIGNMENT, 0, Integer.MAX_VALUE).orElse(DEFAULT_ALIGNMENT);
    if (alignment > MAX_ALIGNMENT || Integer.bitCount(alignment) != 1) {
      throw new Defect.BadAlignment(alignment, MAX_ALIGNMENT).in(path);
    }
    return alignment;
  }
}
