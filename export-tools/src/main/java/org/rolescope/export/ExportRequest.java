package org.rolescope.export;

import static java.util.Objects.requireNonNull;

import java.nio.file.Path;
import org.rolescope.fault.FaultCode;
import org.rolescope.fault.RolescopeException;

/**
 * What to export where.
 *
 * @param snapshot Hugging Face snapshot folder
 * @param bundle folder to write; its parents are made where they are missing
 * @param layersPerStage blocks in each stage; at least 1
 * @param overwrite whether to replace a bundle of another content that is already there
 */
public record ExportRequest(Path snapshot, Path bundle, int layersPerStage, boolean overwrite) {
  /**
   * Makes the paths absolute and checks the number of layers.
   *
   * @throws RolescopeException INVALID_ARGUMENT where layersPerStage is below 1
   */
  public ExportRequest {
    snapshot = requireNonNull(snapshot, "snapshot is null").toAbsolutePath().normalize();
    bundle = requireNonNull(bundle, "bundle is null").toAbsolutePath().normalize();
    if (layersPerStage < 1) {
      throw new RolescopeException(
          FaultCode.INVALID_ARGUMENT,
          "The number of layers per stage is %d; give at least 1".formatted(layersPerStage));
    }
  }

  /** An export with one layer in each stage that replaces nothing. */
  public static ExportRequest of(Path snapshot, Path bundle) {
    return new ExportRequest(snapshot, bundle, 1, false);
  }

  /**
   * The same with this many blocks in each stage.
   *
   * @throws RolescopeException INVALID_ARGUMENT where it is below 1
   */
  public ExportRequest withLayersPerStage(int layers) {
    return new ExportRequest(snapshot, bundle, layers, overwrite);
  }

  /** The same, but a bundle of another content that is already there is replaced, or not. */
  public ExportRequest withOverwrite(boolean replace) {
    return new ExportRequest(snapshot, bundle, layersPerStage, replace);
  }
}
