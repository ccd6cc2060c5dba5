package org.rolescope.tensors.bundle;

import static java.util.Objects.requireNonNull;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;

/** Paths in a manifest stay inside the bundle. */
final class RelativePath {
  private RelativePath() {}

  static void check(String path, String what) {
    requireNonNull(path, what + " is missing");
    Path parsed;
    try {
      parsed = Path.of(path);
    } catch (InvalidPathException invalid) {
      throw new IllegalArgumentException(what + " is not a path: " + path, invalid);
    }
    Path normal = parsed.normalize();
    if (path.isEmpty()
        || parsed.isAbsolute()
        || normal.startsWith("..")
        || !normal.equals(parsed)) {
      throw new IllegalArgumentException(what + " leads out of the bundle: " + path);
    }
  }
}
