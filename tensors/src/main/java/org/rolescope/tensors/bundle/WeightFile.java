package org.rolescope.tensors.bundle;

import static java.util.Objects.requireNonNull;

/**
 * A checkpoint file the stages refer to.
 *
 * @param file file relative to the bundle: a hard link to the checkpoint's own file, so no byte is
 *     copied and any ONNX tool can follow the external data; null where the file system allows no
 *     link
 * @param source where the checkpoint file lay when it was exported; used where {@code file} is null
 * @param sizeBytes length in bytes
 * @param fingerprint SHA-256 (hex) over its header and a sample of every tensor: up to 64 KiB,
 *     spread evenly, all of a small one. Reading 16 GB to name a model would take longer than
 *     exporting it, and no two checkpoints worth telling apart agree on every sample
 */
public record WeightFile(String file, String source, long sizeBytes, String fingerprint) {
  /** Checks the path. */
  public WeightFile {
    requireNonNull(source, "source of a weight file is missing");
    if (file != null) {
      RelativePath.check(file, "weight file");
    }
    requireNonNull(fingerprint, "fingerprint of a weight file is missing");
    if (sizeBytes < 1) {
      throw new IllegalArgumentException("weight file %s has size %d".formatted(source, sizeBytes));
    }
  }
}
