package org.rolescope.orchestrator.stepwise;

import static java.util.Objects.requireNonNull;

import org.rolescope.v1.StepProgress;

/** Counts the steps of a piece of work and tells of each. Not thread-safe. */
public final class StepCount {
  private final int total;
  private final StepListener listener;
  private int done;

  /**
   * Begins, and tells where the work stands.
   *
   * @param total steps in all
   * @param done those that an earlier call left
   * @param listener told of every step
   */
  public StepCount(int total, int done, StepListener listener) {
    if (done < 0 || done > total) {
      throw new IllegalArgumentException(done + " of " + total + " steps are done");
    }
    this.total = total;
    this.done = done;
    this.listener = requireNonNull(listener, "listener is null");
    tell("");
  }

  /**
   * A step is finished.
   *
   * @param step what was done, in words
   * @throws org.rolescope.fault.RolescopeException CANCELLED where the listener stops the work
   */
  public void finished(String step) {
    if (done == total) {
      throw new IllegalStateException("step " + step + " behind the last of " + total);
    }
    done++;
    tell(step);
  }

  private void tell(String step) {
    listener.progress(
        StepProgress.newBuilder().setStepsDone(done).setStepsTotal(total).setStep(step).build());
  }
}
