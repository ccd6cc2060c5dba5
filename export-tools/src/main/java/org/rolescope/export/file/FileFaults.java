package org.rolescope.export.file;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.rolescope.fault.FaultCode;
import org.rolescope.fault.RolescopeException;

/** Faults of files that are as they should be but cannot be read or written. */
public final class FileFaults {
  private FileFaults() {}

  /** The fault, NOT_FOUND, of a file that cannot be read. */
  public static RolescopeException unreadable(Path file, IOException cause) {
    return new RolescopeException(
        FaultCode.NOT_FOUND,
        "%s cannot be read (%s); check that you may read it".formatted(file, reason(cause)),
        cause);
  }

  /** The fault, RESOURCE_EXHAUSTED, of a bundle that cannot be written. */
  public static RolescopeException unwritable(Path bundle, IOException cause) {
    return new RolescopeException(
        FaultCode.RESOURCE_EXHAUSTED,
        "The bundle %s cannot be written (%s); check its permissions and the free space"
            .formatted(bundle, reason(cause)),
        cause);
  }

  /** Why the file system refused, in a few words. */
  public static String reason(IOException cause) {
    return switch (cause) {
      case AccessDeniedException denied -> "no access to " + denied.getFile();
      case NoSuchFileException missing -> "there is no " + missing.getFile();
      case FileSystemException named when named.getReason() != null -> named.getReason();
      default -> cause.getMessage() == null ? "input/output error" : cause.getMessage();
    };
  }
}
