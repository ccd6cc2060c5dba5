package org.rolescope.metrics.grpc;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.rolescope.metrics.testing.FakeServerCall;
import org.rolescope.metrics.testing.Patterns;
import org.rolescope.metrics.testing.PushScript;
import org.rolescope.v1.PushActivationsRequest;
import org.rolescope.v1.PushActivationsResponse;

/** Three messages: the start, a header and the one chunk of a one-layer push. */
final class PushActivationsObserverTest {
  private static final List<PushActivationsRequest> MESSAGES =
      new PushScript()
          .started(0, 1, 1, List.of(2))
          .tensor(Patterns.tensor(0, List.of(0), 1, 2, new float[] {1, 0, 0.5f, 0.5f}))
          .messages();

  private final FakeServerCall<PushActivationsResponse> call = new FakeServerCall<>();
  private final PushActivationsObserver observer = new PushActivationsObserver(call, 1 << 10);

  @Test
  void oneMessageIsAskedForAtATime() {
    assertEquals(1, call.requested());
    for (int sent = 0; sent < MESSAGES.size(); sent++) {
      observer.onNext(MESSAGES.get(sent));
      assertEquals(sent + 2, call.requested());
    }
    assertEquals(1, call.answers().size());
  }

  @Test
  void nothingIsAskedForWhileAnswersWait() {
    observer.onNext(MESSAGES.get(0));
    call.fill();
    observer.onNext(MESSAGES.get(1));
    assertEquals(2, call.requested());
    call.drain();
    assertEquals(3, call.requested());
    call.drain();
    assertEquals(3, call.requested());
  }

  @Test
  void nothingIsMeasuredOnceTheCallerGaveUp() {
    observer.onNext(MESSAGES.get(0));
    observer.onNext(MESSAGES.get(1));
    call.giveUp();
    observer.onNext(MESSAGES.get(2));
    observer.onCompleted();
    call.drain();
    assertEquals(List.of(), call.answers());
    assertEquals(3, call.requested());
  }
}
