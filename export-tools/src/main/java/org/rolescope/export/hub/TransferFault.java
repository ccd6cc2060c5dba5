package org.rolescope.export.hub;

import java.time.Duration;
import java.util.Optional;

/** Trouble on the way that may be over at the next attempt. */
final class TransferFault extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** Time to wait before the next attempt; null where the hub named none. */
  private final Duration retryAfter;

  /**
   * Creates a fault.
   *
   * @param message what happened, without a full stop and without a remedy
   * @param retryAfter time to wait before the next attempt; null where the hub named none
   * @param cause the exception behind it; may be null
   */
  TransferFault(String message, Duration retryAfter, Throwable cause) {
    super(message, cause);
    this.retryAfter = retryAfter;
  }

  TransferFault(String message) {
    this(message, null, null);
  }

  TransferFault(String message, Throwable cause) {
    this(message, null, cause);
  }

  Optional<Duration> retryAfter() {
    return Optional.ofNullable(retryAfter);
  }
}
