package org.rolescope.metrics.testing;

import io.grpc.Context;
import io.grpc.Deadline;
import io.grpc.stub.StreamObserver;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.rolescope.rpc.PacedObserver;
import org.rolescope.v1.CaptureRequest;
import org.rolescope.v1.CaptureResponse;
import org.rolescope.v1.InferenceServiceGrpc.InferenceServiceImplBase;

/** An inference service that answers every capture with one script, no faster than it is read. */
public final class FakeInferenceService extends InferenceServiceImplBase {
  private static final int MAX_WAIT_SECONDS = 20;

  private final List<CaptureScript.Step> steps;
  private final CountDownLatch cancelled = new CountDownLatch(1);
  private final AtomicInteger sent = new AtomicInteger();
  private volatile CaptureRequest request;
  private volatile Deadline deadline;

  /** A service that follows this script. */
  public FakeInferenceService(CaptureScript script) {
    steps = script.steps();
  }

  @Override
  public void capture(CaptureRequest asked, StreamObserver<CaptureResponse> observer) {
    request = asked;
    Context context = Context.current();
    deadline = context.getDeadline();
    context.addListener(ignored -> cancelled.countDown(), Runnable::run);
    PacedObserver<CaptureResponse> responses = new PacedObserver<>(observer);
    Thread.ofVirtual().start(() -> follow(responses));
  }

  /** The last request. */
  public CaptureRequest request() {
    return request;
  }

  /** The deadline of the last request; null for none. */
  public Deadline deadline() {
    return deadline;
  }

  /** Messages sent so far. */
  public int sent() {
    return sent.get();
  }

  /** Waits for the caller to give up or the call to end. */
  public boolean awaitEnd() throws InterruptedException {
    return cancelled.await(MAX_WAIT_SECONDS, TimeUnit.SECONDS);
  }

  private void follow(PacedObserver<CaptureResponse> responses) {
    try {
      for (CaptureScript.Step step : steps) {
        switch (step) {
          case CaptureScript.Step.Send send -> {
            responses.send(send.response());
            sent.incrementAndGet();
          }
          case CaptureScript.Step.Fail fail -> throw fail.status().asRuntimeException();
          case CaptureScript.Step.Hang() -> awaitEnd();
        }
      }
      responses.complete();
    } catch (RuntimeException failed) {
      responses.fail(failed);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
