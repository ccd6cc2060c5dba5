package org.rolescope.orchestrator.patch;

import org.rolescope.fault.FaultCode;
import org.rolescope.fault.RolescopeException;

/** What can be wrong with patching. */
final class PatchFaults {
  private PatchFaults() {}

  static RolescopeException changed(String model) {
    return new RolescopeException(
        FaultCode.CONFLICT,
        "Model %s changed while it was patched; ask for the same again to patch it as it is now"
            .formatted(model));
  }

  static RolescopeException tooLarge(int sets, int pairs, long sizeBytes, long maxBytes) {
    return new RolescopeException(
        FaultCode.RESOURCE_EXHAUSTED,
        "The measures of %d sets of heads on %d pairs take %d bytes, more than the %d that are scored at once; ask for fewer candidates, random sets or pairs"
            .formatted(sets, pairs, sizeBytes, maxBytes));
  }

  static RolescopeException damaged(String file) {
    return new RolescopeException(
        FaultCode.DATA_LOSS,
        "Checkpoint %s does not fit its plan; ask for the work afresh".formatted(file));
  }
}
