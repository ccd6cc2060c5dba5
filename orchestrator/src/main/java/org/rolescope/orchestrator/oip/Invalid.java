package org.rolescope.orchestrator.oip;

import org.rolescope.fault.FaultCode;
import org.rolescope.fault.RolescopeException;

/** Faults of what a client sent. */
final class Invalid {
  private Invalid() {}

  /** Throws an INVALID_ARGUMENT with this sentence where the condition does not hold. */
  static void unless(boolean condition, String format, Object... values) {
    if (!condition) {
      throw new RolescopeException(FaultCode.INVALID_ARGUMENT, format.formatted(values));
    }
  }
}
