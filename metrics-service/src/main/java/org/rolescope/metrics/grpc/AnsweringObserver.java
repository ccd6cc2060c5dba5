package org.rolescope.metrics.grpc;

import io.grpc.stub.StreamObserver;
import org.rolescope.rpc.Faults;

/**
 * One call that takes many messages and gives one answer. The first fault ends it; what still
 * arrives then is ignored.
 *
 * @param <Q> message type
 * @param <R> answer type
 */
abstract class AnsweringObserver<Q, R> implements StreamObserver<Q> {
  private final StreamObserver<R> observer;
  private boolean ended;

  AnsweringObserver(StreamObserver<R> observer) {
    this.observer = observer;
  }

  /** Takes a message. */
  abstract void take(Q message);

  /** The answer, once all messages have come. */
  abstract R answer();

  @Override
  public final void onNext(Q message) {
    guarded(() -> take(message));
  }

  @Override
  public final void onCompleted() {
    guarded(
        () -> {
          observer.onNext(answer());
          observer.onCompleted();
        });
  }

  @Override
  public final void onError(Throwable cancelled) {
    // The caller gave up; there is nobody to answer.
    ended = true;
  }

  private void guarded(Runnable step) {
    if (ended) {
      return;
    }
    try {
      step.run();
    } catch (RuntimeException thrown) {
      ended = true;
      observer.onError(Faults.toStatus(thrown).asRuntimeException());
    }
  }
}
