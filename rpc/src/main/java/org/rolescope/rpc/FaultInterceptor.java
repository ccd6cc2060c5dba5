package org.rolescope.rpc;

import io.grpc.ForwardingServerCall.SimpleForwardingServerCall;
import io.grpc.ForwardingServerCallListener.SimpleForwardingServerCallListener;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;

/**
 * Turns what a service method throws, or passes to {@code onError}, into the status of {@link
 * Faults#toStatus}. The one place where faults become status codes.
 */
public final class FaultInterceptor implements ServerInterceptor {
  @Override
  public <Q, R> ServerCall.Listener<Q> interceptCall(
      ServerCall<Q, R> call, Metadata headers, ServerCallHandler<Q, R> next) {
    TranslatingCall<Q, R> translating = new TranslatingCall<>(call);
    return new TranslatingListener<>(next.startCall(translating, headers), translating);
  }

  private static final class TranslatingCall<Q, R> extends SimpleForwardingServerCall<Q, R> {
    private boolean closed;

    private TranslatingCall(ServerCall<Q, R> call) {
      super(call);
    }

    private synchronized boolean isClosed() {
      return closed;
    }

    @Override
    public synchronized void close(Status status, Metadata trailers) {
      if (closed) {
        return;
      }
      closed = true;
      // onError(Throwable) arrives here as UNKNOWN with the throwable as cause.
      boolean thrown = status.getCode() == Status.Code.UNKNOWN && status.getCause() != null;
      super.close(thrown ? Faults.toStatus(status.getCause()) : status, trailers);
    }
  }

  private static final class TranslatingListener<Q> extends SimpleForwardingServerCallListener<Q> {
    private final TranslatingCall<Q, ?> call;

    private TranslatingListener(ServerCall.Listener<Q> listener, TranslatingCall<Q, ?> call) {
      super(listener);
      this.call = call;
    }

    @Override
    public void onMessage(Q message) {
      translating(() -> super.onMessage(message));
    }

    @Override
    public void onHalfClose() {
      translating(super::onHalfClose);
    }

    @Override
    public void onReady() {
      translating(super::onReady);
    }

    private void translating(Runnable step) {
      // After a failed message gRPC still tells of the end of the requests; nobody is there to
      // hear.
      if (call.isClosed()) {
        return;
      }
      try {
        step.run();
      } catch (RuntimeException thrown) {
        call.close(Faults.toStatus(thrown), new Metadata());
      }
    }
  }
}
