package org.rolescope.orchestrator.intervene;

import static java.util.Objects.requireNonNull;

import java.util.List;
import org.rolescope.orchestrator.artifacts.ResultsJson;
import org.rolescope.orchestrator.client.FirstTokens;
import org.rolescope.orchestrator.client.InterventionPlanMessage;
import org.rolescope.orchestrator.execute.MeasuringServices;
import org.rolescope.orchestrator.plan.InterventionPlan;
import org.rolescope.orchestrator.stepwise.StepListener;
import org.rolescope.orchestrator.stepwise.WorkFolder;
import org.rolescope.orchestrator.stepwise.WorkPlan;
import org.rolescope.orchestrator.stepwise.WorkStore;
import org.rolescope.v1.AnswerTokens;
import org.rolescope.v1.CaptureStarted;
import org.rolescope.v1.InterventionResults;
import org.rolescope.v1.Model;

/** Ablation runs: does them, and gives what was found by an earlier call. Thread-safe. */
public final class Interventions {
  private static final String KIND = "interventions";

  private final WorkStore store;
  private final MeasuringServices services;

  /**
   * Prepares to run plans.
   *
   * @param store where the results are kept
   * @param services who measures
   */
  public Interventions(WorkStore store, MeasuringServices services) {
    this.store = requireNonNull(store, "store is null");
    this.services = requireNonNull(services, "services is null");
  }

  /**
   * Does what a plan says, or what an earlier call has left of it to do. Blocks until it is done;
   * interrupting the thread, or a listener that throws, stops it, and what is finished stays.
   *
   * @param fresh throw away what an earlier call left
   * @param acceptWrongParity measure even a model that computes something else than its checkpoint;
   *     no part of the plan
   * @param listener told of every step
   * @throws org.rolescope.fault.RolescopeException INVALID_ARGUMENT, NOT_FOUND or UNAVAILABLE where
   *     the plan does not work, MALFORMED_MODEL where the model was found to compute something else
   *     than its checkpoint, in which cases nothing is written; CONFLICT where somebody works on
   *     the same plan, or the model changes under way; DATA_LOSS where files of an earlier call are
   *     damaged; CANCELLED where it is stopped
   */
  public InterventionResults run(
      InterventionPlan plan, boolean fresh, boolean acceptWrongParity, StepListener listener) {
    Model model = services.inference().model(plan.model());
    new AblatedModel(model).check(plan, acceptWrongParity);
    InterventionRequests requests = new InterventionRequests(plan, model);
    CaptureStarted started = services.inference().start(requests.prompts());
    List<AnswerTokens> answers =
        new FirstTokens(services.inference(), plan.model()).of(plan.answers());
    WorkPlan work =
        WorkPlan.of(KIND, plan.family(), InterventionPlanMessage.of(plan), List.of(model));
    try (WorkFolder folder = store.open(work, fresh)) {
      InterventionRun run =
          new InterventionRun(
              new AblationWork(
                  requests,
                  started,
                  answers,
                  new InterventionFolder(folder, plan.family()),
                  services),
              listener);
      if (!folder.isComplete()) {
        run.work();
      }
      return ResultsJson.read(folder.results(), InterventionResults.newBuilder())
          .setFolder(folder.path().toString())
          .build();
    }
  }
}
