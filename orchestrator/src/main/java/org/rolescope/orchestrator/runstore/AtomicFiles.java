package org.rolescope.orchestrator.runstore;

import java.io.BufferedOutputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import org.rolescope.fault.FaultCode;
import org.rolescope.fault.RolescopeException;

/** Writes files that are either whole or absent, whenever the process is killed. */
public final class AtomicFiles {
  private static final String PARTIAL_SUFFIX = ".partial";

  private AtomicFiles() {}

  /** What goes into a file. */
  @FunctionalInterface
  public interface Content {
    /** Writes all of it; closing the stream only flushes it. */
    void writeTo(OutputStream out) throws IOException;
  }

  /**
   * Writes a file beside its place, makes sure it is on the disk, and renames it. Folders are made
   * as needed. Where anything fails, nothing is left and an older file stays as it was.
   *
   * @throws RolescopeException RESOURCE_EXHAUSTED where the disk does not take it; whatever the
   *     content throws
   */
  public static void write(Path file, Content content) {
    Path partial = file.resolveSibling("." + file.getFileName() + PARTIAL_SUFFIX);
    try {
      Files.createDirectories(file.getParent());
      try {
        writeThrough(partial, content);
        Files.move(
            partial, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      } finally {
        Files.deleteIfExists(partial);
      }
    } catch (IOException failed) {
      throw notWritten(file, failed);
    }
  }

  /** Whether this is what a killed process left of a file. */
  static boolean isPartial(Path file) {
    String name = file.getFileName().toString();
    return name.startsWith(".") && name.endsWith(PARTIAL_SUFFIX);
  }

  /** The fault of a file or folder that cannot be written. */
  static RolescopeException notWritten(Path path, IOException failed) {
    return new RolescopeException(
        FaultCode.RESOURCE_EXHAUSTED,
        "Cannot write %s (%s); check the free space and the permissions there, or choose another folder"
            .formatted(path, reason(failed)),
        failed);
  }

  /** What an I/O exception says, which for some kinds is its name. */
  static String reason(IOException failed) {
    String name = failed.getClass().getSimpleName();
    return failed.getMessage() == null ? name : name + ": " + failed.getMessage();
  }

  // A FileOutputStream and not a channel: a channel closes itself when its thread is interrupted,
  // and a cancelled run must still be able to finish the file at hand.
  private static void writeThrough(Path file, Content content) throws IOException {
    try (FileOutputStream raw = new FileOutputStream(file.toFile());
        OutputStream out = new Unclosed(raw)) {
      content.writeTo(out);
      out.flush();
      raw.getFD().sync();
    }
  }

  /** Lets a writer close what it writes to, although the file must still be synced behind it. */
  private static final class Unclosed extends BufferedOutputStream {
    private static final int BUFFER_BYTES = 1 << 16;

    private Unclosed(OutputStream out) {
      super(out, BUFFER_BYTES);
    }

    @Override
    public void close() throws IOException {
      flush();
    }
  }
}
