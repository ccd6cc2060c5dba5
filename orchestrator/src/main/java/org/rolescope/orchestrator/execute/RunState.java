package org.rolescope.orchestrator.execute;

/** Where a run stands. */
public enum RunState {
  /** Steps are being worked on, here or in another process. */
  RUNNING,
  /** All steps are done. */
  COMPLETE,
  /** A step failed; starting the same plan again goes on there. */
  FAILED,
  /** Nobody works on it; starting the same plan again goes on there. */
  INTERRUPTED
}
