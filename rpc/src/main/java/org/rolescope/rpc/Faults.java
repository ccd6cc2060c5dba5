package org.rolescope.rpc;

import io.grpc.Status;
import io.grpc.StatusException;
import io.grpc.StatusRuntimeException;
import org.rolescope.fault.FaultCode;
import org.rolescope.fault.RolescopeException;

/** Translates faults to gRPC status on the server and back on the client. */
public final class Faults {
  private static final System.Logger LOG = System.getLogger(Faults.class.getName());

  private Faults() {}

  /**
   * The status that tells a caller of this fault. An exception nobody foresaw is logged and told as
   * INTERNAL without its details.
   */
  public static Status toStatus(Throwable thrown) {
    return switch (thrown) {
      case RolescopeException fault -> statusCode(fault.code()).withDescription(fault.getMessage());
      case StatusRuntimeException status -> status.getStatus();
      case StatusException status -> status.getStatus();
      default -> {
        LOG.log(System.Logger.Level.ERROR, "unforeseen exception in a service", thrown);
        yield Status.INTERNAL.withDescription(
            "An unforeseen error occurred in the service; its log has the details");
      }
    };
  }

  /**
   * The fault a failed call stands for.
   *
   * @param status what the call ended with
   * @param service the service called, for the sentence, for example {@code inference service}
   * @param address where it was expected
   */
  public static RolescopeException fromStatus(Status status, String service, Address address) {
    String description = status.getDescription() == null ? "" : status.getDescription();
    FaultCode code = faultCode(status.getCode());
    String message =
        switch (code) {
          // A service passes on what an unreachable service behind it said; only our own failure
          // to connect needs a sentence of ours.
          case UNAVAILABLE ->
              description.startsWith("The ")
                  ? description
                  : "The %s at %s cannot be reached; start it with `rolescope serve` or give its address"
                      .formatted(service, address);
          case INTERNAL ->
              "The %s at %s failed: %s".formatted(service, address, orCode(description, status));
          default -> orCode(description, status);
        };
    return new RolescopeException(code, message, status.getCause());
  }

  private static String orCode(String description, Status status) {
    return description.isEmpty() ? status.getCode().name() : description;
  }

  private static Status statusCode(FaultCode code) {
    return switch (code) {
      case INVALID_ARGUMENT -> Status.INVALID_ARGUMENT;
      case NOT_FOUND -> Status.NOT_FOUND;
      case MALFORMED_MODEL -> Status.FAILED_PRECONDITION;
      case CONFLICT -> Status.ABORTED;
      case UNAVAILABLE -> Status.UNAVAILABLE;
      case RESOURCE_EXHAUSTED -> Status.RESOURCE_EXHAUSTED;
      case CANCELLED -> Status.CANCELLED;
      case DEADLINE_EXCEEDED -> Status.DEADLINE_EXCEEDED;
      case DATA_LOSS -> Status.DATA_LOSS;
      case INTERNAL -> Status.INTERNAL;
    };
  }

  private static FaultCode faultCode(Status.Code code) {
    return switch (code) {
      case INVALID_ARGUMENT, OUT_OF_RANGE -> FaultCode.INVALID_ARGUMENT;
      case NOT_FOUND -> FaultCode.NOT_FOUND;
      case FAILED_PRECONDITION -> FaultCode.MALFORMED_MODEL;
      case ABORTED, ALREADY_EXISTS -> FaultCode.CONFLICT;
      case UNAVAILABLE -> FaultCode.UNAVAILABLE;
      case RESOURCE_EXHAUSTED -> FaultCode.RESOURCE_EXHAUSTED;
      case CANCELLED -> FaultCode.CANCELLED;
      case DEADLINE_EXCEEDED -> FaultCode.DEADLINE_EXCEEDED;
      case DATA_LOSS -> FaultCode.DATA_LOSS;
      case OK, UNKNOWN, INTERNAL, UNIMPLEMENTED, PERMISSION_DENIED, UNAUTHENTICATED ->
          FaultCode.INTERNAL;
    };
  }
}
