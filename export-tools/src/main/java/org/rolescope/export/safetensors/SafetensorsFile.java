package org.rolescope.export.safetensors;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.util.ByteBufferBackedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.Arena;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.rolescope.export.file.FileFaults;
import org.rolescope.fault.FaultCode;
import org.rolescope.fault.RolescopeException;

/**
 * A validated safetensors file: eight bytes of header length (unsigned, little-endian), a JSON
 * header, and the data, which the tensors fill without overlap and without holes.
 *
 * @param path where it lies
 * @param sizeBytes length of the file
 * @param tensors its tensors by name
 */
public record SafetensorsFile(Path path, long sizeBytes, Map<String, TensorInfo> tensors) {
  /** Longest header the format allows. */
  public static final long MAX_HEADER_BYTES = 100_000_000;

  /** Copies the tensors. */
  public SafetensorsFile {
    requireNonNull(path, "path is null");
    // Not Map.copyOf: names chosen to collide would make its lookups slow.
    tensors = Collections.unmodifiableMap(new HashMap<>(tensors));
  }

  /**
   * Reads and validates the header of a file.
   *
   * @throws RolescopeException MALFORMED_MODEL where anything in the header is not as the format
   *     demands, NOT_FOUND where the file is missing or cannot be read
   */
  public static SafetensorsFile read(Path path) {
    if (!Files.isRegularFile(path)) {
      throw new RolescopeException(
          FaultCode.NOT_FOUND, "There is no file %s; check the path".formatted(path));
    }
    try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
      long fileBytes = channel.size();
      long dataOffsetBytes = Long.BYTES + headerBytes(path, channel, fileBytes);
      Map<String, HeaderEntry> entries = entries(path, channel, dataOffsetBytes);
      List<TensorInfo> tensors =
          new TensorLayout(path, dataOffsetBytes, fileBytes - dataOffsetBytes).tensors(entries);
      return new SafetensorsFile(
          path,
          fileBytes,
          tensors.stream().collect(Collectors.toMap(TensorInfo::name, Function.identity())));
    } catch (IOException unreadable) {
      throw FileFaults.unreadable(path, unreadable);
    }
  }

  /** The tensor with this name, or empty where the file has none. */
  public Optional<TensorInfo> tensor(String name) {
    return Optional.ofNullable(tensors.get(name));
  }

  private static long headerBytes(Path path, FileChannel channel, long fileBytes)
      throws IOException {
    ByteBuffer length = ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    while (length.hasRemaining() && channel.read(length) >= 0) {}
    if (length.hasRemaining()) {
      throw new Defect.TooShort(fileBytes).in(path);
    }
    long headerBytes = length.getLong(0);
    if (Long.compareUnsigned(headerBytes, MAX_HEADER_BYTES) > 0) {
      throw new Defect.HeaderTooLarge(headerBytes, MAX_HEADER_BYTES).in(path);
    }
    if (headerBytes > fileBytes - Long.BYTES) {
      throw new Defect.HeaderBeyondFile(headerBytes, fileBytes).in(path);
    }
    return headerBytes;
  }

  private static Map<String, HeaderEntry> entries(
      Path path, FileChannel channel, long dataOffsetBytes) throws IOException {
    long headerBytes = dataOffsetBytes - Long.BYTES;
    if (headerBytes == 0) {
      throw new Defect.NotAnObject("nothing").in(path);
    }
    try (Arena arena = Arena.ofConfined()) {
      ByteBuffer header =
          channel.map(FileChannel.MapMode.READ_ONLY, Long.BYTES, headerBytes, arena).asByteBuffer();
      if (header.get(0) != '{') {
        throw new Defect.NotAnObject("byte 0x%02x".formatted(header.get(0))).in(path);
      }
      try (InputStream bytes = new ByteBufferBackedInputStream(header)) {
        return new HeaderReader(path).read(bytes);
      }
    }
  }
}
