package org.rolescope.orchestrator.testing;

import io.grpc.Status;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/** What happens to the data messages of both fakes: they pass, wait, fail, or end the process. */
public final class Trouble {
  private final Semaphore open = new Semaphore(Integer.MAX_VALUE / 2);
  private int passed;
  private int limit = Integer.MAX_VALUE;
  private Runnable atLimit = () -> {};

  /** Fails the call that would send one more than so many further messages. */
  public synchronized void failAfter(int messages) {
    atLimit(
        messages,
        () -> {
          throw Status.INTERNAL.withDescription("cut on purpose").asRuntimeException();
        });
  }

  /** Ends the process there, as a kill would. */
  public synchronized void haltAfter(int messages) {
    atLimit(messages, () -> Runtime.getRuntime().halt(9));
  }

  /** Nothing more happens. */
  public synchronized void never() {
    limit = Integer.MAX_VALUE;
  }

  /** Data messages wait from now on, after so many more. */
  public void holdAfter(int messages) {
    open.drainPermits();
    open.release(messages);
  }

  /** Nothing waits any more. */
  public void letGo() {
    open.release(Integer.MAX_VALUE / 2 - open.availablePermits());
  }

  /** Data messages sent so far. */
  public synchronized int passed() {
    return passed;
  }

  void beforeMessage() {
    try {
      if (!open.tryAcquire(30, TimeUnit.SECONDS)) {
        throw Status.DEADLINE_EXCEEDED.withDescription("held for too long").asRuntimeException();
      }
    } catch (InterruptedException interrupted) {
      throw Status.CANCELLED.asRuntimeException();
    }
    count();
  }

  private synchronized void atLimit(int messages, Runnable action) {
    limit = passed + messages;
    atLimit = action;
  }

  private synchronized void count() {
    if (passed >= limit) {
      atLimit.run();
    }
    passed++;
  }
}
