package org.rolescope.export.hub;

import static java.util.Objects.requireNonNull;

import java.time.Duration;

/**
 * How long a download waits for what.
 *
 * @param attempts attempts in a row without a new byte before it gives up
 * @param firstDelay time before the second attempt; it doubles with each further one
 * @param maxDelay longest such time
 * @param rateLimitDelay time to wait where the hub refuses for now without saying for how long
 * @param maxRetryAfter longest time the hub may ask to wait
 * @param stall time without a byte after which a connection counts as stalled. A slow one sends
 *     some bytes in that time, so there is no limit on a whole download
 */
record HubPatience(
    int attempts,
    Duration firstDelay,
    Duration maxDelay,
    Duration rateLimitDelay,
    Duration maxRetryAfter,
    Duration stall) {
  /** What suits a hub on the internet. */
  static final HubPatience DEFAULT =
      new HubPatience(
          6,
          Duration.ofMillis(500),
          Duration.ofSeconds(30),
          Duration.ofSeconds(20),
          Duration.ofMinutes(5),
          Duration.ofSeconds(60));

  /** Checks that nothing is missing. */
  HubPatience {
    requireNonNull(firstDelay, "firstDelay is null");
    requireNonNull(maxDelay, "maxDelay is null");
    requireNonNull(rateLimitDelay, "rateLimitDelay is null");
    requireNonNull(maxRetryAfter, "maxRetryAfter is null");
    requireNonNull(stall, "stall is null");
    if (attempts < 1) {
      throw new IllegalArgumentException("%d attempts are too few".formatted(attempts));
    }
  }
}
