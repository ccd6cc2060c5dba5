package org.rolescope.fault;

/** Kinds of fault, split by who can mend them. */
public enum FaultCode {
  /** An argument, option, prompt or plan is not valid. */
  INVALID_ARGUMENT(Origin.USER),
  /** The named model, run, file or folder does not exist. */
  NOT_FOUND(Origin.USER),
  /** A model file or bundle is damaged, lies about itself, or is of an unsupported kind. */
  MALFORMED_MODEL(Origin.USER),
  /** The thing is in use: a port, or a run under way. */
  CONFLICT(Origin.USER),
  /** A service cannot be reached. */
  UNAVAILABLE(Origin.USER),
  /** Memory, disk or a configured limit is exhausted. */
  RESOURCE_EXHAUSTED(Origin.RESOURCE),
  /** The caller gave up. */
  CANCELLED(Origin.USER),
  /** The caller's deadline passed. */
  DEADLINE_EXCEEDED(Origin.RESOURCE),
  /** Data was damaged on the way or on disk. */
  DATA_LOSS(Origin.INTERNAL),
  /** A defect of Rolescope. */
  INTERNAL(Origin.INTERNAL);

  /** Who can mend a fault. */
  public enum Origin {
    /** Whoever asked: by asking differently. */
    USER,
    /** Whoever runs the machine: by giving more of something. */
    RESOURCE,
    /** We. */
    INTERNAL
  }

  private final Origin origin;

  FaultCode(Origin origin) {
    this.origin = origin;
  }

  /** Who can mend a fault of this kind. */
  public Origin origin() {
    return origin;
  }
}
