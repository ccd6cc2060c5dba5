package org.rolescope.inference.session;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
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

/**
 * The weight files of a bundle, open for positioned reads. They are read and not used through a
 * mapping: its pages count towards the memory of the process, and a file that is cut would take the
 * process down.
 */
final class WeightFiles implements AutoCloseable {
  /** Bytes read at a time, so that {@link #stop} is heard soon. */
  private static final long CHUNK_BYTES = 8L << 20;

  private final NativeHandles.Handle handle = new NativeHandles.Handle(NativeHandles.Scope.PASS);
  private final List<Path> paths = new ArrayList<>();
  private final List<FileChannel> channels = new ArrayList<>();

  /** Linux says of files one may not write that every page is in memory. */
  private final List<Boolean> tellsPages = new ArrayList<>();

  private volatile boolean stopped;

  private WeightFiles() {}

  /**
   * Opens all weight files.
   *
   * @param bundle folder of the bundle
   * @param weightFiles the files, as in its manifest
   * @throws RolescopeException MALFORMED_MODEL where a file is gone or has another size than at
   *     export
   */
  static WeightFiles open(Path bundle, List<WeightFile> weightFiles) {
    WeightFiles files = new WeightFiles();
    try {
      weightFiles.forEach(file -> files.add(location(bundle, file), file.sizeBytes()));
      return files;
    } catch (RuntimeException failed) {
      files.close();
      throw failed;
    }
  }

  /**
   * Reads a part of a weight.
   *
   * @param weight the weight
   * @param offsetBytes where in the weight the part begins
   * @param target takes the bytes and says how many; off-heap
   * @throws RolescopeException MALFORMED_MODEL where the file ends too early or cannot be read;
   *     CANCELLED after {@link #stop}
   */
  void read(StageWeight weight, long offsetBytes, MemorySegment target) {
    long position = Math.addExact(weight.offsetBytes(), offsetBytes);
    for (long done = 0; done < target.byteSize(); done += CHUNK_BYTES) {
      long size = Math.min(CHUNK_BYTES, target.byteSize() - done);
      if (stopped) {
        throw cancelled(null);
      }
      readChunk(weight, position + done, target.asSlice(done, size).asByteBuffer());
    }
  }

  /**
   * Brings a weight into the page cache of the system: reads what is not there and forgets it.
   *
   * @param weight the weight
   * @param buffer memory to read through, off-heap
   * @throws RolescopeException as {@link #read}
   */
  void fetch(StageWeight weight, MemorySegment buffer) {
    for (long done = 0; done < weight.sizeBytes(); done += buffer.byteSize()) {
      long size = Math.min(buffer.byteSize(), weight.sizeBytes() - done);
      if (!isCached(weight, done, size)) {
        read(weight, done, buffer.asSlice(0, size));
      }
    }
  }

  /** Makes reads under way on other threads give up soon. */
  void stop() {
    stopped = true;
  }

  @Override
  public void close() {
    try {
      for (FileChannel channel : channels) {
        channel.close();
      }
    } catch (IOException ignored) {
      // Nothing was written, so nothing can be lost.
    } finally {
      handle.close();
    }
  }

  /**
   * Whether all pages of a part are in the page cache. Reading what is there already would take a
   * core from the stage that runs. Maps the part without touching it: nothing becomes resident, and
   * a file that is cut meanwhile does no harm.
   */
  private boolean isCached(StageWeight weight, long offsetBytes, long sizeBytes) {
    if (!tellsPages.get(weight.file())) {
      return false;
    }
    long position = weight.offsetBytes() + offsetBytes;
    try (Arena arena = Arena.ofConfined()) {
      FileChannel channel = channels.get(weight.file());
      return channel.map(FileChannel.MapMode.READ_ONLY, position, sizeBytes, arena).isLoaded();
    } catch (IOException unmapped) {
      // Reading finds out what is wrong, and says it.
      return false;
    }
  }

  private void readChunk(StageWeight weight, long position, ByteBuffer target) {
    try {
      while (target.hasRemaining()) {
        int count = channels.get(weight.file()).read(target, position + target.position());
        if (count < 0) {
          throw changed(
              "The weight file %s ends at byte %d, inside the tensor %s"
                  .formatted(paths.get(weight.file()), position + target.position(), weight.name()),
              null);
        }
      }
    } catch (ClosedByInterruptException interrupted) {
      throw cancelled(interrupted);
    } catch (IOException unreadable) {
      throw changed(
          "The tensor %s cannot be read from the weight file %s (%s)"
              .formatted(weight.name(), paths.get(weight.file()), unreadable.getMessage()),
          unreadable);
    }
  }

  private static Path location(Path bundle, WeightFile file) {
    return file.file() == null ? Path.of(file.source()) : bundle.resolve(file.file());
  }

  private void add(Path path, long expectedBytes) {
    if (!Files.isRegularFile(path)) {
      throw changed("The weight file %s is gone".formatted(path), null);
    }
    try {
      FileChannel channel = FileChannel.open(path, StandardOpenOption.READ);
      channels.add(channel);
      paths.add(path);
      tellsPages.add(Files.isWritable(path));
      if (channel.size() != expectedBytes) {
        throw changed(
            "The weight file %s has %d bytes, at export it had %d"
                .formatted(path, channel.size(), expectedBytes),
            null);
      }
    } catch (IOException unreadable) {
      throw changed("The weight file %s cannot be read".formatted(path), unreadable);
    }
  }

  private static RolescopeException cancelled(IOException cause) {
    return new RolescopeException(FaultCode.CANCELLED, "The caller gave up", cause);
  }

  private static RolescopeException changed(String what, IOException cause) {
    return new RolescopeException(
        FaultCode.MALFORMED_MODEL, what + "; export the model again", cause);
  }
}
