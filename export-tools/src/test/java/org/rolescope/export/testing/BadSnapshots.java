package org.rolescope.export.testing;

import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.params.provider.Arguments;
import org.rolescope.export.testing.BadExport.Damage;
import org.rolescope.fault.FaultCode;

/**
 * Cases of bad snapshots: how a good one is spoilt, the fault that must follow, and parts of its
 * message.
 */
public final class BadSnapshots {
  private BadSnapshots() {}

  /** A part that is not there. */
  public static Arguments missing(String name, Damage damage, String... expected) {
    return arguments(name, damage, FaultCode.NOT_FOUND, expected);
  }

  /** A checkpoint that is damaged or not supported. */
  public static Arguments malformed(String name, Damage damage, String... expected) {
    return arguments(name, damage, FaultCode.MALFORMED_MODEL, expected);
  }

  /** Replaces text in {@code config.json}, which must hold it. */
  public static Damage configure(String found, String replacement) {
    return snapshot -> snapshot.configure(found, replacement);
  }

  /** Deletes a file. */
  public static Damage delete(String name) {
    return snapshot -> Files.delete(snapshot.file(name));
  }

  /** Replaces the content of a file. */
  public static Damage write(String name, String content) {
    return snapshot -> Files.writeString(snapshot.file(name), content);
  }

  /** Takes bytes off the end of a file. */
  public static Damage cut(String name, long bytes) {
    return snapshot -> resize(snapshot.file(name), -bytes);
  }

  /** Sets the size of a file in bytes. */
  public static Damage enlarge(String name, long bytes) {
    return snapshot -> resize(snapshot.file(name), bytes);
  }

  private static void resize(Path path, long bytes) throws IOException {
    try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw")) {
      file.setLength(bytes < 0 ? file.length() + bytes : bytes);
    }
  }
}
