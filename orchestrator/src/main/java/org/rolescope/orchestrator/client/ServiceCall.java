package org.rolescope.orchestrator.client;

import io.grpc.StatusException;
import io.grpc.stub.BlockingClientCall;
import java.util.Optional;
import org.rolescope.fault.FaultCode;
import org.rolescope.fault.RolescopeException;

/**
 * One call, read and written from one thread. gRPC hands over the next message only when the last
 * one has been taken, which is the back-pressure. Closing a call that is not over cancels it.
 *
 * @param <Q> type of what is sent
 * @param <R> type of what is received
 */
final class ServiceCall<Q, R> implements AutoCloseable {
  private final Service service;
  private final BlockingClientCall<Q, R> call;
  private boolean over;

  ServiceCall(Service service, BlockingClientCall<Q, R> call) {
    this.service = service;
    this.call = call;
  }

  /** The next message, or nothing at the good end of the stream. */
  Optional<R> read() {
    try {
      Optional<R> message = Optional.ofNullable(call.read());
      over = message.isEmpty();
      return message;
    } catch (StatusException failed) {
      throw failed(failed);
    } catch (InterruptedException interrupted) {
      throw interrupted();
    }
  }

  /** The next message. */
  R readOne() {
    return read().orElseThrow(() -> service.broken("it ended its stream where more was to come"));
  }

  /** Sends a message, waiting while the service is behind. */
  void write(Q message) {
    try {
      if (!call.write(message)) {
        throw service.broken("it ended the call before it had everything");
      }
    } catch (StatusException failed) {
      throw failed(failed);
    } catch (InterruptedException interrupted) {
      throw interrupted();
    }
  }

  /** Nothing more will be sent. */
  void endOfWriting() {
    call.halfClose();
  }

  @Override
  public void close() {
    if (!over) {
      call.cancel("the orchestrator needs no more of it", null);
    }
  }

  private RolescopeException failed(StatusException failed) {
    over = true;
    return service.fault(failed.getStatus());
  }

  private static RolescopeException interrupted() {
    Thread.currentThread().interrupt();
    return new RolescopeException(
        FaultCode.CANCELLED, "The run was stopped; start the same plan again to go on with it");
  }
}
