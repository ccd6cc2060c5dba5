package org.rolescope.orchestrator.causes;

import org.rolescope.orchestrator.stepwise.StepListener;
import org.rolescope.v1.PatchPlan;
import org.rolescope.v1.PatchResults;

/** Patches heads; what is finished is kept. */
@FunctionalInterface
interface Patcher {
  /**
   * Does what a plan says, as {@code OrchestratorService.Patch}.
   *
   * @param fresh throw away what an earlier call left
   */
  PatchResults patch(PatchPlan plan, boolean fresh, StepListener listener);
}
