package org.rolescope.orchestrator.execute;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.rolescope.fault.FaultCode;
import org.rolescope.fault.RolescopeException;

/**
 * One watcher's view of a run. A slow watcher keeps nobody waiting: what it has not taken yet is
 * kept, at most one event a step. Closing it does not touch the run.
 */
public final class RunWatch implements AutoCloseable {
  private final BlockingQueue<RunEvent> events = new LinkedBlockingQueue<>();
  private final Consumer<RunWatch> whenClosed;

  RunWatch(Consumer<RunWatch> whenClosed) {
    this.whenClosed = whenClosed;
  }

  /** The watch of a run that nobody works on: a single event. */
  static RunWatch ofEnded(RunStatus status) {
    RunWatch watch = new RunWatch(closed -> {});
    watch.tell(new RunEvent.Ended(status));
    return watch;
  }

  void tell(RunEvent event) {
    events.add(event);
  }

  /**
   * The next event, or nothing where none came in time. After {@link RunEvent.Ended} none will.
   *
   * @throws RolescopeException CANCELLED where the thread is interrupted
   */
  public Optional<RunEvent> next(Duration wait) {
    try {
      return Optional.ofNullable(events.poll(wait.toMillis(), TimeUnit.MILLISECONDS));
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new RolescopeException(
          FaultCode.CANCELLED, "The orchestrator is stopping; start it again and watch the run");
    }
  }

  @Override
  public void close() {
    whenClosed.accept(this);
  }
}
