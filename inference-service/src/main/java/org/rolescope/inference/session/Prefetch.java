package org.rolescope.inference.session;

import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.rolescope.fault.FaultCode;
import org.rolescope.fault.RolescopeException;
import org.rolescope.tensors.bundle.Stage;

/** Reads the weights of one stage in the background while another one runs. */
final class Prefetch implements AutoCloseable {
  private final WeightFiles files;
  private final ExecutorService reader =
      Executors.newSingleThreadExecutor(
          Thread.ofPlatform().name("inference-prefetch-", 0).daemon().factory());
  private Stage stage;
  private Future<RawStage> reading;

  /** Nothing is read yet. */
  Prefetch(WeightFiles files) {
    this.files = files;
  }

  /** Begins to read a stage, unless that has begun; lets go of any other. */
  void begin(Stage next, Callable<RawStage> read) {
    if (!next.equals(stage)) {
      forget();
      stage = next;
      reading = reader.submit(read);
    }
  }

  /** The stage that was begun, when it is there; the caller closes it. */
  RawStage take() {
    Future<RawStage> taken = reading;
    stage = null;
    reading = null;
    return await(taken);
  }

  /** Lets go of what was begun, if anything was. */
  void forget() {
    if (stage != null) {
      try {
        take().close();
      } catch (RolescopeException ignored) {
        // Whatever went wrong with a stage nobody wants any more.
      }
    }
  }

  @Override
  public void close() {
    files.stop();
    forget();
    reader.close();
  }

  private static RawStage await(Future<RawStage> reading) {
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
