package org.rolescope.orchestrator.execute;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.rolescope.orchestrator.artifacts.ResultsJson;
import org.rolescope.orchestrator.plan.RunId;
import org.rolescope.orchestrator.runstore.RunFolder;
import org.rolescope.orchestrator.runstore.RunStore;
import org.rolescope.orchestrator.runstore.StoredRun;
import org.rolescope.v1.RunResults;

/**
 * What the files of a run say about it, whoever wrote them.
 *
 * @param store the runs
 */
record RunReports(RunStore store) {
  RunReports {
    requireNonNull(store, "store is null");
  }

  /** Where a run stands, or nothing where there is no such run. */
  Optional<RunStatus> status(RunId id) {
    return store.read(id).map(run -> status(id, run));
  }

  /** Where a run stands. */
  RunStatus status(RunId id, StoredRun run) {
    RunFolder folder = folder(id, run);
    Steps steps = new Steps(run, folder);
    int total = steps.all().size();
    RunState state = state(id, folder);
    int done = state == RunState.COMPLETE ? total : steps.doneCount();
    Optional<String> failure =
        state == RunState.FAILED ? Optional.of(sentence(folder.failure())) : Optional.empty();
    return new RunStatus(id, run.plan().family(), folder.path(), state, done, total, failure);
  }

  /** What a complete run found. */
  RunResults results(RunStatus complete) {
    return ResultsJson.read(new RunFolder(complete.folder(), complete.family()).results());
  }

  /** The files of a run. */
  RunFolder folder(RunId id, StoredRun run) {
    return new RunFolder(store.path(id), run.plan().family());
  }

  private RunState state(RunId id, RunFolder folder) {
    if (store.isLocked(id)) {
      return RunState.RUNNING;
    }
    if (Files.exists(folder.results())) {
      return RunState.COMPLETE;
    }
    return Files.exists(folder.failure()) ? RunState.FAILED : RunState.INTERRUPTED;
  }

  private static String sentence(Path failure) {
    try {
      return Files.readString(failure).strip();
    } catch (IOException unreadable) {
      return "The reason is lost: %s cannot be read; start the plan again".formatted(failure);
    }
  }
}
