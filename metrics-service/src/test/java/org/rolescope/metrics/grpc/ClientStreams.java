package org.rolescope.metrics.grpc;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.StreamObserver;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.junit.jupiter.api.Assertions;

/** Sends client streams and waits for the answer, a bounded time. */
final class ClientStreams {
  private static final int MAX_WAIT_SECONDS = 30;

  private ClientStreams() {}

  /** The answer to these messages. */
  static <Q, R> R answer(Function<StreamObserver<R>, StreamObserver<Q>> method, List<Q> messages)
      throws ExecutionException, InterruptedException, TimeoutException {
    CompletableFuture<R> answer = new CompletableFuture<>();
    StreamObserver<Q> call =
        method.apply(
            new StreamObserver<>() {
              @Override
              public void onNext(R response) {
                answer.complete(response);
              }

              @Override
              public void onError(Throwable thrown) {
                answer.completeExceptionally(thrown);
              }

              @Override
              public void onCompleted() {
                answer.completeExceptionally(new AssertionError("no answer came"));
              }
            });
    messages.forEach(call::onNext);
    call.onCompleted();
    return answer.get(MAX_WAIT_SECONDS, TimeUnit.SECONDS);
  }

  /** Fails unless these messages are refused as INVALID_ARGUMENT with this sentence. */
  static <Q, R> void assertRefused(
      Function<StreamObserver<R>, StreamObserver<Q>> method, List<Q> messages, String sentence) {
    ExecutionException failed =
        Assertions.assertThrows(ExecutionException.class, () -> answer(method, messages));
    Status status = ((StatusRuntimeException) failed.getCause()).getStatus();
    Assertions.assertEquals(Status.Code.INVALID_ARGUMENT, status.getCode(), status.toString());
    Assertions.assertTrue(status.getDescription().contains(sentence), status.getDescription());
  }
}
