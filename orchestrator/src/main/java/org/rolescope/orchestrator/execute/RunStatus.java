package org.rolescope.orchestrator.execute;

import static java.util.Objects.requireNonNull;

import java.nio.file.Path;
import java.util.Optional;
import org.rolescope.orchestrator.plan.RunId;
import org.rolescope.orchestrator.runstore.RunFolder;
import org.rolescope.orchestrator.runstore.StoredRun;

/**
 * A run at one moment.
 *
 * @param id its id
 * @param family family name of its plan
 * @param folder its folder, absolute
 * @param state where it stands
 * @param stepsDone steps done
 * @param stepsTotal steps in all
 * @param failure why it failed, in one sentence; empty unless it did
 */
public record RunStatus(
    RunId id,
    String family,
    Path folder,
    RunState state,
    int stepsDone,
    int stepsTotal,
    Optional<String> failure) {
  /** Checks that everything is there. */
  public RunStatus {
    requireNonNull(id, "id is null");
    requireNonNull(family, "family is null");
    requireNonNull(folder, "folder is null");
    requireNonNull(state, "state is null");
    requireNonNull(failure, "failure is null");
  }

  /**
   * A complete run, wherever its folder lies.
   *
   * @param run what it was started with
   * @param folder its folder
   */
  public static RunStatus ofComplete(StoredRun run, Path folder) {
    int steps = new Steps(run, new RunFolder(folder, run.plan().family())).all().size();
    return new RunStatus(
        run.id(), run.plan().family(), folder, RunState.COMPLETE, steps, steps, Optional.empty());
  }

  /** The same with one step more. */
  RunStatus stepDone() {
    return new RunStatus(id, family, folder, state, stepsDone + 1, stepsTotal, failure);
  }

  /** The same in another state. */
  RunStatus in(RunState newState) {
    return new RunStatus(id, family, folder, newState, stepsDone, stepsTotal, Optional.empty());
  }

  /** The same, failed. */
  RunStatus failed(String sentence) {
    return new RunStatus(
        id, family, folder, RunState.FAILED, stepsDone, stepsTotal, Optional.of(sentence));
  }
}
