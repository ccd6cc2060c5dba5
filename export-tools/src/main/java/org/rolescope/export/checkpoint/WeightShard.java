package org.rolescope.export.checkpoint;

import static java.util.Objects.requireNonNull;

import java.nio.file.Files;
import java.nio.file.Path;
import org.rolescope.export.safetensors.SafetensorsFile;
import org.rolescope.fault.FaultCode;
import org.rolescope.fault.RolescopeException;

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

  /**
   * Opens a weight file.
   *
   * @throws RolescopeException NOT_FOUND where there is no such file, MALFORMED_MODEL where it is
   *     no valid safetensors file or a link that leads out of the folder
   */
  static WeightShard open(Path folder, String name) {
    Path file = folder.resolve(name);
    if (!Files.isRegularFile(file)) {
      throw new RolescopeException(
          FaultCode.NOT_FOUND,
          "The checkpoint %s has no file %s; download it completely".formatted(folder, name));
    }
    return new WeightShard(name, SafetensorsFile.read(SnapshotLinks.resolve(folder, file)));
  }
}
