package org.rolescope.inference.session;

import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Supplier;
import org.rolescope.fault.FaultCode;
import org.rolescope.fault.RolescopeException;
import org.rolescope.tensors.bundle.Stage;

/**
 * Fetches the weights of one stage from disk in the background while another one runs: what is not
 * in the page cache of the system is read through one small buffer, and is there afterwards.
 */
final class Prefetch implements AutoCloseable {
  private static final long BUFFER_BYTES = 4L << 20;

  private final WeightFiles files;
  private final BlockPool buffer = new BlockPool(BUFFER_BYTES);
  private final ExecutorService reader =
      Executors.newSingleThreadExecutor(
          Thread.ofPlatform().name("inference-prefetch-", 0).daemon().factory());
  private Stage stage;
  private Future<Long> reading;

  /** Nothing is read yet. */
  Prefetch(WeightFiles files) {
    this.files = files;
  }

  /**
   * Begins to fetch a stage, unless that has begun.
   *
   * @param next the stage
   * @param layout finds its weights; called in the background
   */
  void begin(Stage next, Supplier<StageLayout> layout) {
    if (!next.equals(stage)) {
      stage = next;
      reading = reader.submit(() -> fetch(layout.get()));
    }
  }

  /**
   * Waits until the stage that was begun last is fetched.
   *
   * @return time the fetching took, nanoseconds
   * @throws RolescopeException what the fetching failed with
   */
  long await() {
    return await(reading);
  }

  @Override
  public void close() {
    files.stop();
    reader.close();
    buffer.close();
  }

  private long fetch(StageLayout layout) {
    long start = System.nanoTime();
    try (WeightBlock block = buffer.acquire()) {
      for (StageLayout.Placement placement : layout.placements()) {
        files.fetch(placement.weight(), block.slice(0, BUFFER_BYTES));
      }
    }
    return System.nanoTime() - start;
  }

  private static long await(Future<Long> reading) {
    boolean interrupted = false;
    try {
      while (true) {
        try {
          return reading.get();
        } catch (InterruptedException again) {
          interrupted = true;
        }
      }
    } catch (ExecutionException failed) {
      throw failed.getCause() instanceof RolescopeException fault
          ? new RolescopeException(fault.code(), fault.getMessage(), fault)
          : new RolescopeException(
              FaultCode.INTERNAL, "Reading a stage failed: " + failed.getCause(), failed);
    } catch (CancellationException cancelled) {
      throw new RolescopeException(FaultCode.CANCELLED, "The caller gave up", cancelled);
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
