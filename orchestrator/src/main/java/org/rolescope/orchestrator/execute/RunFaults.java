package org.rolescope.orchestrator.execute;

import org.rolescope.fault.FaultCode;
import org.rolescope.fault.RolescopeException;
import org.rolescope.orchestrator.plan.RunId;

/** What can be wrong with a run as a whole. */
final class RunFaults {
  private RunFaults() {}

  static RolescopeException unknown(RunId id) {
    return new RolescopeException(
        FaultCode.NOT_FOUND,
        "There is no run %s; the list of runs has those there are".formatted(id));
  }

  static RolescopeException underWay(RunId id) {
    return new RolescopeException(
        FaultCode.CONFLICT,
        "Run %s is under way, so it cannot be thrown away; wait until it ends, or start it without `fresh`"
            .formatted(id));
  }

  static RolescopeException elsewhere(RunId id) {
    return new RolescopeException(
        FaultCode.CONFLICT,
        "Run %s is being worked on by another process; wait until that one ends".formatted(id));
  }

  static RolescopeException notComplete(RunId id) {
    return new RolescopeException(
        FaultCode.CONFLICT,
        "Run %s is not complete, so its heads cannot be ranked; start the same plan again and wait until it ends"
            .formatted(id));
  }

  static RolescopeException comparesNothing(RunId id) {
    return new RolescopeException(
        FaultCode.INVALID_ARGUMENT,
        "Run %s measured one model, but candidates need two; compare a base and an instruct model first"
            .formatted(id));
  }

  static RolescopeException stopping(Throwable cause) {
    return new RolescopeException(
        FaultCode.UNAVAILABLE, "The orchestrator is stopping; start it again, then the run", cause);
  }

  static RolescopeException stopped() {
    return new RolescopeException(
        FaultCode.CANCELLED, "The run was stopped; start the same plan again to go on with it");
  }
}
