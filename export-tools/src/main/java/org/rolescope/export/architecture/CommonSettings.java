package org.rolescope.export.architecture;

import org.rolescope.export.checkpoint.Configuration;
import org.rolescope.fault.RolescopeException;

/** Settings any family may have. */
final class CommonSettings {
  private CommonSettings() {}

  /**
   * Rejects what no family can do.
   *
   * @throws RolescopeException MALFORMED_MODEL where the weights are quantised
   */
  static void check(Configuration configuration) {
    if (configuration.has("quantization_config")) {
      throw configuration.unsupported(
          "quantization_config", "only weights in F32, F16 or BF16 without quantisation");
    }
  }
}
