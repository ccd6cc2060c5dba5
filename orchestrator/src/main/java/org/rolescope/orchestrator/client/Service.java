package org.rolescope.orchestrator.client;

import static java.util.Objects.requireNonNull;

import io.grpc.Status;
import org.rolescope.fault.FaultCode;
import org.rolescope.fault.RolescopeException;
import org.rolescope.rpc.Address;
import org.rolescope.rpc.Faults;

/**
 * A service as sentences name it.
 *
 * @param name for example {@code inference service}
 * @param address where it is expected
 */
record Service(String name, Address address) {
  Service {
    requireNonNull(name, "name is null");
    requireNonNull(address, "address is null");
  }

  /** The fault of a call that ended so. */
  RolescopeException fault(Status status) {
    return Faults.fromStatus(status, name, address);
  }

  /** The fault of an answer that breaks the contract. */
  RolescopeException broken(String what) {
    return new RolescopeException(
        FaultCode.DATA_LOSS,
        "The %s at %s broke its contract: %s; check that all services are of one version"
            .formatted(name, address, what));
  }
}
