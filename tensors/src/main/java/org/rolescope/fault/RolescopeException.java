package org.rolescope.fault;

import static java.util.Objects.requireNonNull;

/** A fault with a sentence for the user: what is wrong with which thing, and what to do. */
public final class RolescopeException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** Whose fault it is. */
  private final FaultCode code;

  /**
   * Creates a fault.
   *
   * @param code whose fault it is
   * @param message one sentence that names the thing and the remedy
   */
  public RolescopeException(FaultCode code, String message) {
    this(code, message, null);
  }

  /**
   * Creates a fault that another exception caused.
   *
   * @param code whose fault it is
   * @param message one sentence that names the thing and the remedy
   * @param cause the exception behind it, for the log; may be null
   */
  public RolescopeException(FaultCode code, String message, Throwable cause) {
    super(requireNonNull(message, "message is null"), cause);
    this.code = requireNonNull(code, "code is null");
  }

  /** Whose fault it is. */
  public FaultCode code() {
    return code;
  }
}
