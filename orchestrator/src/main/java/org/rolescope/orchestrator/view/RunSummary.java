package org.rolescope.orchestrator.view;

import java.util.Locale;
import java.util.Optional;
import org.rolescope.orchestrator.execute.RunStatus;
import org.rolescope.orchestrator.runstore.RunFolder;
import org.rolescope.orchestrator.runstore.StoredRun;
import org.rolescope.orchestrator.runstore.Timings;

/**
 * One run in a list.
 *
 * @param id its id
 * @param family its family
 * @param state running, complete, failed or interrupted
 * @param stepsDone steps done
 * @param stepsTotal steps in all
 * @param failure one sentence; empty where it did not fail
 * @param baseModel name of the base model, or of the only one
 * @param instructModel name of the instruct model; empty where there is none
 * @param promptSet name of the prompt set
 * @param measuredAt when it was first started, RFC 3339; empty where that is lost
 */
public record RunSummary(
    String id,
    String family,
    String state,
    int stepsDone,
    int stepsTotal,
    String failure,
    String baseModel,
    Optional<String> instructModel,
    String promptSet,
    Optional<String> measuredAt) {
  /** A run as it stands. */
  public static RunSummary of(RunStatus status, StoredRun run) {
    return new RunSummary(
        status.id().text(),
        status.family(),
        status.state().name().toLowerCase(Locale.ROOT),
        status.stepsDone(),
        status.stepsTotal(),
        status.failure().orElse(""),
        run.plan().baseModel(),
        run.plan().instructModel(),
        run.plan().promptSet().name(),
        Timings.firstStarted(new RunFolder(status.folder(), status.family()).timings()));
  }
}
