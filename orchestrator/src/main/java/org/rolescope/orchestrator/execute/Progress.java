package org.rolescope.orchestrator.execute;

/** Is told of every step that a task has finished. */
@FunctionalInterface
interface Progress {
  /**
   * The file of this step is in its place.
   *
   * @throws org.rolescope.fault.RolescopeException CANCELLED where the run is to stop here
   */
  void finished(Step step);
}
