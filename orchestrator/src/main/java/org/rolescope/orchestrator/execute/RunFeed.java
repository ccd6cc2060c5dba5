package org.rolescope.orchestrator.execute;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.List;

/** Tells watchers how a run goes. Thread-safe. */
final class RunFeed {
  private final List<RunWatch> watches = new ArrayList<>();
  private RunStatus status;
  private boolean ended;

  RunFeed(RunStatus status) {
    this.status = requireNonNull(status, "status is null");
  }

  synchronized RunStatus status() {
    return status;
  }

  /** A new watcher; it is told where the run stands and then everything. */
  synchronized RunWatch watch() {
    if (ended) {
      return RunWatch.ofEnded(status);
    }
    RunWatch watch = new RunWatch(this::remove);
    watch.tell(new RunEvent.Joined(status));
    watches.add(watch);
    return watch;
  }

  synchronized void finished(String step) {
    status = status.stepDone();
    tell(new RunEvent.StepFinished(status, step));
  }

  synchronized void end(RunStatus last) {
    status = last;
    ended = true;
    tell(new RunEvent.Ended(status));
    watches.clear();
  }

  private synchronized void remove(RunWatch watch) {
    watches.remove(watch);
  }

  private void tell(RunEvent event) {
    watches.forEach(watch -> watch.tell(event));
  }
}
