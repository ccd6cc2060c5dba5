package org.rolescope.export.hub;

import dev.failsafe.ExecutionContext;
import dev.failsafe.Failsafe;
import dev.failsafe.FailsafeException;
import dev.failsafe.RetryPolicy;
import java.time.Duration;
import java.util.function.Supplier;
import org.rolescope.fault.FaultCode;
import org.rolescope.fault.RolescopeException;

/**
 * Tries again after trouble on the way: after the time the hub asks for, else after ever longer.
 */
final class Retries {
  /** Four connections that broke together shall not come back together. */
  private static final double JITTER = 0.2;

  private final RetryPolicy<Object> policy;

  Retries(HubPatience patience, HubProgress progress) {
    policy =
        RetryPolicy.builder()
            .handle(TransferFault.class)
            .withMaxAttempts(patience.attempts())
            .withBackoff(patience.firstDelay(), patience.maxDelay())
            .withJitter(JITTER)
            .withDelayFnOn(Retries::askedDelay, TransferFault.class)
            .onRetryScheduled(
                event -> progress.retry(event.getLastException().getMessage(), event.getDelay()))
            .build();
  }

  /** Where this is negative, the policy takes its own delay. */
  private static Duration askedDelay(ExecutionContext<Object> context) {
    TransferFault fault = context.getLastException();
    return fault.retryAfter().orElse(Duration.ofNanos(-1));
  }

  /**
   * Does something that may meet with trouble.
   *
   * @throws TransferFault the last trouble, after too many attempts
   * @throws RolescopeException CANCELLED where the thread is interrupted
   */
  <T> T get(Supplier<T> action) {
    try {
      return Failsafe.with(policy).get(action::get);
    } catch (FailsafeException interrupted) {
      throw cancelled(interrupted);
    }
  }

  /** The same without a result. */
  void run(Runnable action) {
    get(
        () -> {
          action.run();
          return null;
        });
  }

  /** The fault of a download that was interrupted; the thread stays interrupted. */
  static RolescopeException cancelled(Exception cause) {
    Thread.currentThread().interrupt();
    return new RolescopeException(
        FaultCode.CANCELLED,
        "The download was interrupted; run it again, and it goes on where it was",
        cause);
  }
}
