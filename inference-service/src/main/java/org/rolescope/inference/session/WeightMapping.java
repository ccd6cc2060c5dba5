package org.rolescope.inference.session;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import org.rolescope.fault.FaultCode;
import org.rolescope.fault.RolescopeException;
import org.rolescope.tensors.bundle.StageWeight;
import org.rolescope.tensors.bundle.WeightFile;

/** The weight files of a bundle, mapped read-only. No byte is read before a stage needs it. */
public final class WeightMapping implements AutoCloseable {
  private final Arena arena = Arena.ofShared();
  private final NativeHandles.Handle handle = new NativeHandles.Handle();
  private final List<MemorySegment> files = new ArrayList<>();

  private WeightMapping() {}

  /**
   * Maps all weight files.
   *
   * @param bundle folder of the bundle
   * @param weightFiles the files, as in its manifest
   * @throws RolescopeException MALFORMED_MODEL where a file is gone or has another size than at
   *     export
   */
  public static WeightMapping open(Path bundle, List<WeightFile> weightFiles) {
    WeightMapping mapping = new WeightMapping();
    try {
      for (WeightFile file : weightFiles) {
        mapping.files.add(mapping.map(location(bundle, file), file.sizeBytes()));
      }
      return mapping;
    } catch (RuntimeException failed) {
      mapping.close();
      throw failed;
    }
  }

  /**
   * The bytes of one weight.
   *
   * @throws RolescopeException MALFORMED_MODEL where it lies beyond its file
   */
  MemorySegment bytes(StageWeight weight) {
    MemorySegment file = files.get(weight.file());
    if (weight.offsetBytes() > file.byteSize() - weight.sizeBytes()) {
      throw new RolescopeException(
          FaultCode.MALFORMED_MODEL,
          "Weight %s ends beyond its file of %d bytes; export the model again"
              .formatted(weight.name(), file.byteSize()));
    }
    return file.asSlice(weight.offsetBytes(), weight.sizeBytes());
  }

  @Override
  public void close() {
    arena.close();
    handle.close();
  }

  private static Path location(Path bundle, WeightFile file) {
    return file.file() == null ? Path.of(file.source()) : bundle.resolve(file.file());
  }

  private MemorySegment map(Path path, long expectedBytes) {
    if (!Files.isRegularFile(path)) {
      throw changed("The weight file %s is gone".formatted(path), null);
    }
    try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
      if (channel.size() != expectedBytes) {
        throw changed(
            "The weight file %s has %d bytes, at export it had %d"
                .formatted(path, channel.size(), expectedBytes),
            null);
      }
      return channel.map(FileChannel.MapMode.READ_ONLY, 0, expectedBytes, arena);
    } catch (IOException unreadable) {
      throw changed("The weight file %s cannot be read".formatted(path), unreadable);
    }
  }

  private static RolescopeException changed(String what, IOException cause) {
    return new RolescopeException(
        FaultCode.MALFORMED_MODEL, what + "; export the model again", cause);
  }
}
