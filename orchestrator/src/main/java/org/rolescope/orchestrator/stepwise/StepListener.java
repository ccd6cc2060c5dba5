package org.rolescope.orchestrator.stepwise;

import org.rolescope.v1.StepProgress;

/** Is told how work goes on. */
@FunctionalInterface
public interface StepListener {
  /**
   * Work has begun, or a step is finished and its file in its place.
   *
   * @throws org.rolescope.fault.RolescopeException CANCELLED where the work is to stop here; what
   *     is finished stays
   */
  void progress(StepProgress progress);
}
