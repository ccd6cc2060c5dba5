package org.rolescope.export.hub;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** How much space a disk has. */
@FunctionalInterface
interface FreeSpace {
  /** What the file system says. */
  FreeSpace OF_DISK = folder -> Files.getFileStore(existing(folder)).getUsableSpace();

  /** Bytes this user may still write on the disk of a folder, which need not exist yet. */
  long bytes(Path folder) throws IOException;

  private static Path existing(Path folder) {
    Path found = folder;
    while (!Files.exists(found) && found.getParent() != null) {
      found = found.getParent();
    }
    return found;
  }
}
