package org.rolescope.orchestrator.execute;

import static java.util.Objects.requireNonNull;

/** What a watcher is told. */
public sealed interface RunEvent {
  /** The run after it happened. */
  RunStatus status();

  /**
   * Where the run stands when the watching begins.
   *
   * @param status the run
   */
  record Joined(RunStatus status) implements RunEvent {
    /** Checks that it is there. */
    public Joined {
      requireNonNull(status, "status is null");
    }
  }

  /**
   * A step was finished.
   *
   * @param status the run
   * @param step the step, in words
   */
  record StepFinished(RunStatus status, String step) implements RunEvent {
    /** Checks that everything is there. */
    public StepFinished {
      requireNonNull(status, "status is null");
      requireNonNull(step, "step is null");
    }
  }

  /**
   * Nobody works on the run any more. The last event.
   *
   * @param status the run
   */
  record Ended(RunStatus status) implements RunEvent {
    /** Checks that it is there. */
    public Ended {
      requireNonNull(status, "status is null");
    }
  }
}
