package org.rolescope.orchestrator.execute;

/** Steps that are done in one go, because one call or one reading serves them all. */
sealed interface Task permits EntropyTask, PatternTask, FileTask {
  /**
   * Does the steps that are not done yet, in order, and tells of each.
   *
   * @throws org.rolescope.fault.RolescopeException where it cannot; steps told of stay done
   */
  void run(Progress progress);
}
