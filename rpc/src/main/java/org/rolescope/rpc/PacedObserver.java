package org.rolescope.rpc;

import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.rolescope.fault.FaultCode;
import org.rolescope.fault.RolescopeException;

/**
 * Sends a server stream no faster than its reader takes it: {@link #send} blocks while the
 * transport's buffer is full, which is how a slow consumer stops the producer.
 *
 * <p>Create it inside the service method, before it returns, and send from another thread: gRPC
 * reports readiness and cancellation on the call's own thread only after the method has returned.
 *
 * @param <T> message type
 */
public final class PacedObserver<T> {
  private final ServerCallStreamObserver<T> call;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();

  /** Wraps the observer gRPC handed to a service method. */
  public PacedObserver(StreamObserver<T> observer) {
    call = (ServerCallStreamObserver<T>) observer;
    call.setOnReadyHandler(this::wake);
    call.setOnCancelHandler(this::wake);
  }

  /** The caller gave up; what is still sent is thrown away. */
  public boolean isCancelled() {
    return call.isCancelled();
  }

  /**
   * Sends a message, waiting for the reader where it is behind.
   *
   * @throws RolescopeException CANCELLED once the caller has given up
   */
  public void send(T message) {
    awaitReady();
    call.onNext(message);
  }

  /** Ends the stream well. */
  public void complete() {
    if (!call.isCancelled()) {
      call.onCompleted();
    }
  }

  /** Ends the stream with a fault. */
  public void fail(Throwable thrown) {
    if (!call.isCancelled()) {
      call.onError(Faults.toStatus(thrown).asRuntimeException());
    }
  }

  private void awaitReady() {
    lock.lock();
    try {
      while (!call.isReady() && !call.isCancelled()) {
        changed.await();
      }
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw cancelled();
    } finally {
      lock.unlock();
    }
    if (call.isCancelled()) {
      throw cancelled();
    }
  }

  private void wake() {
    lock.lock();
    try {
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private static RolescopeException cancelled() {
    return new RolescopeException(FaultCode.CANCELLED, "The caller gave up");
  }
}
