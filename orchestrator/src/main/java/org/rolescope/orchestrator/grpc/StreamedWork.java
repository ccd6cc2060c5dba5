package org.rolescope.orchestrator.grpc;

import static java.util.Objects.requireNonNull;

import io.grpc.Context;
import io.grpc.stub.StreamObserver;
import java.util.concurrent.Executor;
import java.util.function.Function;
import org.rolescope.orchestrator.stepwise.StepListener;
import org.rolescope.rpc.PacedObserver;
import org.rolescope.v1.StepProgress;

/**
 * Stepwise work behind a server stream: a message for each step, then one with the results. A
 * caller who gives up, or whose deadline passes, stops the work between two steps and ends the
 * calls it has under way.
 *
 * @param <R> type of the messages
 */
final class StreamedWork<R> {
  private final Executor executor;
  private final Function<StepProgress, R> progress;

  /**
   * Prepares to serve.
   *
   * @param executor does the work, a thread a call; stays the caller's
   * @param progress the message of a step
   */
  StreamedWork(Executor executor, Function<StepProgress, R> progress) {
    this.executor = requireNonNull(executor, "executor is null");
    this.progress = requireNonNull(progress, "progress is null");
  }

  /**
   * Does work for a caller.
   *
   * @param work what is to be done; gives the last message
   */
  void serve(StreamObserver<R> observer, Function<StepListener, R> work) {
    PacedObserver<R> paced = new PacedObserver<>(observer);
    // In the context of the call, so that calls to other services end with it.
    executor.execute(Context.current().wrap(() -> serve(paced, work)));
  }

  private void serve(PacedObserver<R> observer, Function<StepListener, R> work) {
    try {
      observer.send(work.apply(step -> observer.send(progress.apply(step))));
      observer.complete();
    } catch (RuntimeException failed) {
      observer.fail(failed);
    }
  }
}
