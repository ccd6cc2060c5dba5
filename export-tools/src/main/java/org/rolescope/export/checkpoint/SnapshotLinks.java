package org.rolescope.export.checkpoint;

import java.io.IOException;
import java.nio.file.Path;
import org.rolescope.export.file.FileFaults;
import org.rolescope.fault.FaultCode;
import org.rolescope.fault.RolescopeException;

/**
 * Symbolic links in a snapshot. They may lead to a file in the snapshot folder or to a blob of the
 * Hugging Face cache, nowhere else: a downloaded folder must not choose what else is read, linked
 * or copied into a bundle.
 */
final class SnapshotLinks {
  private static final Path BLOBS = Path.of("blobs");

  private SnapshotLinks() {}

  /**
   * The file itself, symbolic links resolved.
   *
   * @throws RolescopeException MALFORMED_MODEL where a link leads elsewhere, NOT_FOUND where the
   *     file cannot be read
   */
  static Path resolve(Path folder, Path file) {
    try {
      Path real = file.toRealPath();
      if (!real.startsWith(folder.toRealPath()) && !BLOBS.equals(real.getParent().getFileName())) {
        throw new RolescopeException(
            FaultCode.MALFORMED_MODEL,
            "%s is a link that leads out of its folder to %s; put the file itself there"
                .formatted(file, real));
      }
      return real;
    } catch (IOException unreadable) {
      throw FileFaults.unreadable(file, unreadable);
    }
  }
}
