package org.rolescope.export.checkpoint;

import static java.util.Objects.requireNonNull;

import org.rolescope.export.safetensors.SafetensorsFile;

/**
 * One of the files the weights are in.
 *
 * @param name its name in the snapshot folder
 * @param content the file itself, symbolic links resolved
 */
public record WeightShard(String name, SafetensorsFile content) {
  /** Checks that nothing is missing. */
  public WeightShard {
    requireNonNull(name, "name is null");
    requireNonNull(content, "content is null");
  }
}
