package org.rolescope.orchestrator.causes;

import org.rolescope.orchestrator.plan.InterventionPlan;
import org.rolescope.orchestrator.stepwise.StepListener;
import org.rolescope.v1.InterventionResults;

/** Ablates heads; what is finished is kept. */
@FunctionalInterface
interface Ablator {
  /**
   * Does what a plan says, as {@code OrchestratorService.Intervene}.
   *
   * @param fresh throw away what an earlier call left
   */
  InterventionResults ablate(InterventionPlan plan, boolean fresh, StepListener listener);
}
