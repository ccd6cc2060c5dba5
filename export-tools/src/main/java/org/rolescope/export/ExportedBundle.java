package org.rolescope.export;

import static java.util.Objects.requireNonNull;

import java.nio.file.Path;
import org.rolescope.tensors.bundle.BundleManifest;

/**
 * A bundle on disk.
 *
 * @param folder its folder
 * @param manifest its manifest
 * @param written whether this export wrote it; false where the same bundle was already there
 */
public record ExportedBundle(Path folder, BundleManifest manifest, boolean written) {
  /** Checks that nothing is missing. */
  public ExportedBundle {
    requireNonNull(folder, "folder is null");
    requireNonNull(manifest, "manifest is null");
  }
}
