package org.rolescope.export.hub;

import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/**
 * The body of an answer. A read that waits too long for a byte is ended from outside, since the
 * stream itself would wait for ever.
 */
final class HubBody implements AutoCloseable {
  private final InputStream stream;
  private final Duration stall;
  private final String host;
  private final ScheduledFuture<?> watch;
  private volatile long readSince;
  private volatile boolean reading;
  private volatile boolean stalled;

  HubBody(InputStream stream, Duration stall, String host, ScheduledExecutorService clock) {
    this.stream = stream;
    this.stall = stall;
    this.host = host;
    long period = Math.max(1, stall.toNanos() / 4);
    watch = clock.scheduleAtFixedRate(this::check, period, period, TimeUnit.NANOSECONDS);
  }

  /**
   * Reads some bytes.
   *
   * @return how many; -1 at the end
   * @throws TransferFault where the connection stalls or breaks
   */
  int read(byte[] buffer) {
    readSince = System.nanoTime();
    reading = true;
    int count;
    try {
      count = stream.read(buffer);
    } catch (IOException broken) {
      throw stalled
          ? stalledFault()
          : new TransferFault("The connection to %s broke".formatted(host), broken);
    } finally {
      reading = false;
    }
    if (stalled) {
      throw stalledFault();
    }
    return count;
  }

  private void check() {
    if (reading && System.nanoTime() - readSince > stall.toNanos()) {
      stalled = true;
      closeStream();
    }
  }

  private TransferFault stalledFault() {
    return new TransferFault(
        "The connection to %s stalled: not a byte in %d s".formatted(host, stall.toSeconds()));
  }

  private void closeStream() {
    try {
      stream.close();
    } catch (IOException ignored) {
      // Nothing more is wanted of it.
    }
  }

  @Override
  public void close() {
    watch.cancel(false);
    closeStream();
  }
}
