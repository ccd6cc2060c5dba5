package org.rolescope.orchestrator.plan;

import org.rolescope.fault.FaultCode;
import org.rolescope.fault.RolescopeException;

/** Faults of what a user asked for. */
public final class Invalid {
  private Invalid() {}

  /** An INVALID_ARGUMENT with this sentence. */
  public static RolescopeException because(String format, Object... values) {
    return new RolescopeException(FaultCode.INVALID_ARGUMENT, format.formatted(values));
  }

  /** Throws {@link #because} where the condition does not hold. */
  public static void unless(boolean condition, String format, Object... values) {
    if (!condition) {
      throw because(format, values);
    }
  }
}
