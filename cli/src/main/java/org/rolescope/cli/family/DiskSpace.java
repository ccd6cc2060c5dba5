package org.rolescope.cli.family;

import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.rolescope.export.file.ByteSize;
import org.rolescope.fault.FaultCode;
import org.rolescope.fault.RolescopeException;

/** The disks a run writes to: what it needs on each, folders on one disk taken together. */
public final class DiskSpace {
  private record Need(Path folder, long bytes) {}

  private final Map<FileStore, Need> needs = new LinkedHashMap<>();

  /** Nothing is needed so far. */
  public DiskSpace() {}

  /**
   * Adds what is needed in a folder, which need not exist.
   *
   * @throws RolescopeException RESOURCE_EXHAUSTED where its disk cannot be looked at
   */
  public DiskSpace need(Path folder, long bytes) {
    if (bytes > 0) {
      try {
        needs.merge(
            Files.getFileStore(existing(folder)),
            new Need(folder, bytes),
            (one, other) -> new Need(one.folder(), Math.addExact(one.bytes(), other.bytes())));
      } catch (IOException failed) {
        throw unreadable(folder, failed);
      }
    }
    return this;
  }

  /**
   * Checks that everything fits.
   *
   * @throws RolescopeException RESOURCE_EXHAUSTED where it does not
   */
  public void check() {
    needs.forEach(
        (disk, need) -> {
          long freeBytes = freeBytes(disk, need.folder());
          if (freeBytes < need.bytes()) {
            throw new RolescopeException(
                FaultCode.RESOURCE_EXHAUSTED,
                "The disk of %s has %s free but the run needs about %s there; free some, or choose folders on another disk (--data, HF_HOME)"
                    .formatted(
                        need.folder(), ByteSize.text(freeBytes), ByteSize.text(need.bytes())));
          }
        });
  }

  /**
   * Space that is free where a folder is or would be, bytes.
   *
   * @throws RolescopeException RESOURCE_EXHAUSTED where its disk cannot be looked at
   */
  public static long freeBytes(Path folder) {
    try {
      return Files.getFileStore(existing(folder)).getUsableSpace();
    } catch (IOException failed) {
      throw unreadable(folder, failed);
    }
  }

  private static long freeBytes(FileStore disk, Path folder) {
    try {
      return disk.getUsableSpace();
    } catch (IOException failed) {
      throw unreadable(folder, failed);
    }
  }

  /** The folder or the first one above it that is there. */
  private static Path existing(Path folder) {
    Path found = folder.toAbsolutePath();
    while (!Files.exists(found) && found.getParent() != null) {
      found = found.getParent();
    }
    return found;
  }

  private static RolescopeException unreadable(Path folder, IOException failed) {
    return new RolescopeException(
        FaultCode.RESOURCE_EXHAUSTED,
        "The disk of %s cannot be looked at (%s); check its permissions or choose another folder"
            .formatted(folder, failed.getMessage()),
        failed);
  }
}
