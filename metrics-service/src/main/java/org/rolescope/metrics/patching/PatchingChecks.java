package org.rolescope.metrics.patching;

import java.util.List;
import org.rolescope.fault.FaultCode;
import org.rolescope.fault.RolescopeException;

/** Refuses patching scores that make no sense, each in one sentence. */
final class PatchingChecks {
  private PatchingChecks() {}

  /**
   * Refuses where a condition does not hold.
   *
   * @throws RolescopeException INVALID_ARGUMENT
   */
  static void require(boolean holds, String otherwise, Object... values) {
    if (!holds) {
      throw new RolescopeException(
          FaultCode.INVALID_ARGUMENT,
          "The patching scores cannot be used: " + otherwise.formatted(values));
    }
  }

  /**
   * Refuses the first number that is not finite.
   *
   * @param measures m, [prompt]
   * @param what whose they are
   */
  static void requireFinite(List<Double> measures, String what) {
    for (int prompt = 0; prompt < measures.size(); prompt++) {
      require(
          Double.isFinite(measures.get(prompt)),
          "the %s has %s at prompt %d; leave that prompt out everywhere",
          what,
          measures.get(prompt),
          prompt);
    }
  }
}
