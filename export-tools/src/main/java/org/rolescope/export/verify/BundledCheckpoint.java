package org.rolescope.export.verify;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.rolescope.export.checkpoint.Checkpoint;
import org.rolescope.export.file.FileFaults;
import org.rolescope.fault.FaultCode;
import org.rolescope.fault.RolescopeException;
import org.rolescope.tensors.bundle.BundleManifest;
import org.rolescope.tensors.bundle.WeightFile;

/** Finds the checkpoint a bundle was made of, from the bundle alone. */
final class BundledCheckpoint {
  private BundledCheckpoint() {}

  /**
   * The model of that checkpoint. Its configuration is the bundle's copy; its weight files are the
   * bundle's links, or, where there are none, lie where they lay when the bundle was made.
   *
   * @throws RolescopeException NOT_FOUND where a file is missing, MALFORMED_MODEL where one is
   *     damaged or not the one that was exported
   */
  static ReferenceModel open(Path bundle, BundleManifest manifest) {
    List<Path> files = new ArrayList<>();
    for (WeightFile weights : manifest.weightFiles()) {
      files.add(weightFile(bundle, weights));
    }
    return ReferenceModel.open(bundle.resolve(Checkpoint.CONFIGURATION_FILE), files);
  }

  private static Path weightFile(Path bundle, WeightFile weights) {
    Path file = weights.file() == null ? Path.of(weights.source()) : bundle.resolve(weights.file());
    if (!Files.isRegularFile(file)) {
      throw new RolescopeException(
          FaultCode.NOT_FOUND,
          "The weights %s are gone; put the checkpoint back, or export it from where it is now"
              .formatted(file));
    }
    if (sizeBytes(file) != weights.sizeBytes()) {
      throw new RolescopeException(
          FaultCode.MALFORMED_MODEL,
          "The weights %s have %d bytes but had %d when they were exported; export the model again"
              .formatted(file, sizeBytes(file), weights.sizeBytes()));
    }
    return file;
  }

  private static long sizeBytes(Path file) {
    try {
      return Files.size(file);
    } catch (IOException unreadable) {
      throw FileFaults.unreadable(file, unreadable);
    }
  }
}
