package org.rolescope.orchestrator.patch;

import static java.util.Objects.requireNonNull;

import java.util.List;
import org.rolescope.orchestrator.artifacts.ResultsJson;
import org.rolescope.orchestrator.client.InferenceClient;
import org.rolescope.orchestrator.client.MetricsClient;
import org.rolescope.orchestrator.execute.MeasuringServices;
import org.rolescope.orchestrator.execute.ModelCheck;
import org.rolescope.orchestrator.stepwise.StepListener;
import org.rolescope.orchestrator.stepwise.WorkFolder;
import org.rolescope.orchestrator.stepwise.WorkPlan;
import org.rolescope.orchestrator.stepwise.WorkStore;
import org.rolescope.v1.AnswerTokens;
import org.rolescope.v1.Model;
import org.rolescope.v1.PatchPlan;
import org.rolescope.v1.PatchResults;

/** Patches between two runs, by plans of the contract. Thread-safe. */
public final class Patching {
  private static final String KIND = "patching";

  private final WorkStore store;
  private final InferenceClient inference;
  private final MetricsClient metrics;

  /**
   * Prepares to patch.
   *
   * @param store where what is finished is kept
   * @param services who runs models and scores
   */
  public Patching(WorkStore store, MeasuringServices services) {
    this.store = requireNonNull(store, "store is null");
    inference = services.inference();
    metrics = services.metrics();
  }

  /**
   * Does what a plan says, or goes on with it where it was cut off; where all is there, it is only
   * read. Returns when it is complete.
   *
   * @param plan the plan; {@code target_model}, options and whatever else is left out is filled in
   * @param fresh throw away what an earlier call with this plan left
   * @param listener told of each step; may stop the work
   * @return what was found; {@code forward_passes} is what this call cost
   * @throws org.rolescope.fault.RolescopeException INVALID_ARGUMENT, NOT_FOUND, MALFORMED_MODEL or
   *     RESOURCE_EXHAUSTED where the plan does not work, in which cases nothing is written;
   *     CONFLICT where somebody works on the same plan, UNAVAILABLE where a service cannot be
   *     reached, DATA_LOSS where files of an earlier call are damaged, CANCELLED where the listener
   *     or the caller stops it
   */
  public PatchResults run(PatchPlan plan, boolean fresh, StepListener listener) {
    PatchPlan filled = PatchPlans.resolve(plan);
    PatchedModels models =
        new PatchedModels(
            model(filled.getSourceModel(), plan.getAcceptWrongParity()),
            model(filled.getTargetModel(), plan.getAcceptWrongParity()));
    models.checkCandidates(filled);
    WorkPlan identity =
        WorkPlan.of(KIND, filled.getFamily(), filled, List.of(models.source(), models.target()));
    identity.id();
    List<AnswerTokens> answers = new PairCheck(inference, filled, models).answers();
    PatchWork work = PatchWork.of(filled, models, answers);
    new PatchScores(work, metrics).checkSize();
    try (WorkFolder folder = store.open(identity, fresh)) {
      double forwardPasses =
          folder.isComplete()
              ? 0
              : new PatchSteps(work, new PatchFiles(folder), listener).run(inference, metrics);
      return ResultsJson.read(folder.results(), PatchResults.newBuilder())
          .setFolder(folder.path().toString())
          .setForwardPasses(forwardPasses)
          .build();
    }
  }

  private Model model(String name, boolean acceptWrongParity) {
    Model model = inference.model(name);
    if (!acceptWrongParity) {
      ModelCheck.parity(model);
    }
    return model;
  }
}
