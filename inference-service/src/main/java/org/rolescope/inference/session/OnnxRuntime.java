package org.rolescope.inference.session;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;
import ai.onnxruntime.OrtSession.SessionOptions;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicInteger;
import org.rolescope.fault.FaultCode;
import org.rolescope.fault.RolescopeException;

/**
 * The one ONNX Runtime environment of this JVM. All sessions share its thread pool, so the number
 * of threads does not grow with the number of stages.
 *
 * <p>Measured with the shape of SmolLM2-135M, 120 prompts of 8 tokens, 2 shared cores: 1.4 s with
 * idle threads asleep; with idle threads spinning 1.5 s, and 4 to 6 s while other processes wanted
 * the cores. Peak memory 1.2 GB without arenas, 2.5 GB with them, at the same speed.
 */
public final class OnnxRuntime {
  private static final long START_STACK_BYTES = 64L << 20;

  private static final System.Logger LOG = System.getLogger(OnnxRuntime.class.getName());
  private static final AtomicInteger THREADS = new AtomicInteger();

  private OnnxRuntime() {}

  /**
   * Sets how many threads all sessions of this JVM share. Must come before the first stage is
   * loaded; afterwards the pool stands, and another number is logged and has no effect.
   *
   * @param threads number of threads; 0 for one a processor
   */
  public static void useThreads(int threads) {
    int wanted = threads == 0 ? Runtime.getRuntime().availableProcessors() : threads;
    if (!THREADS.compareAndSet(0, wanted) && THREADS.get() != wanted) {
      LOG.log(
          System.Logger.Level.WARNING,
          "ONNX Runtime already runs on {0} threads, not {1}; restart to change that",
          THREADS.get(),
          wanted);
    }
  }

  static OrtEnvironment environment() {
    return Holder.ENVIRONMENT;
  }

  /** Options every session has; the caller closes them. */
  static SessionOptions sessionOptions() throws OrtException {
    SessionOptions options = new SessionOptions();
    options.disablePerSessionThreads();
    options.setDeterministicCompute(true);
    // Every session has an arena of its own, which keeps the activations of its largest batch:
    // memory would grow with the number of stages. Plain allocation costs no time that shows.
    options.setCPUArenaAllocator(false);
    options.setMemoryPatternOptimization(false);
    // Prepacking copies every weight; for prefill it saves no time that the copy does not cost.
    options.addConfigEntry("session.disable_prepacking", "1");
    return options;
  }

  /** Name and version. */
  public static String nameAndVersion() {
    return "onnxruntime " + environment().getVersion();
  }

  static RolescopeException failure(String what, OrtException cause) {
    return new RolescopeException(
        FaultCode.INTERNAL,
        "ONNX Runtime failed at %s: %s".formatted(what, cause.getMessage()),
        cause);
  }

  /** The first line of why something failed; what follows it is for developers of ONNX Runtime. */
  static String firstLine(OrtException failed) {
    String message = failed.getMessage();
    return message == null ? "no reason given" : message.lines().findFirst().orElse("");
  }

  private static OrtEnvironment create() {
    try {
      OrtEnvironment.ThreadingOptions threads = new OrtEnvironment.ThreadingOptions();
      useThreads(THREADS.get());
      threads.setGlobalIntraOpNumThreads(THREADS.get());
      threads.setGlobalInterOpNumThreads(1);
      // Waiting threads that spin take the cores from reading, widening and sending.
      threads.setGlobalSpinControl(false);
      OrtEnvironment environment =
          OrtEnvironment.getEnvironment(
              OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR, "rolescope", threads);
      environment.setTelemetry(false);
      return environment;
    } catch (OrtException failed) {
      throw failure("start", failed);
    }
  }

  /**
   * Creates the environment on a thread with a deep stack. ONNX Runtime 1.29 walks the command line
   * of the process recursively: with more than about 4,000 characters of arguments it overflows
   * Java's default stack of 1 MiB and takes the process down.
   */
  private static OrtEnvironment createOnDeepStack() {
    FutureTask<OrtEnvironment> creation = new FutureTask<>(OnnxRuntime::create);
    Thread.ofPlatform()
        .name("onnxruntime-start")
        .stackSize(START_STACK_BYTES)
        .daemon()
        .start(creation);
    try {
      return creation.get();
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new RolescopeException(FaultCode.CANCELLED, "The start was interrupted", interrupted);
    } catch (ExecutionException failed) {
      throw failed.getCause() instanceof RolescopeException fault
          ? fault
          : new IllegalStateException(failed.getCause());
    }
  }

  /** Made at first use, when the number of threads is known. */
  private static final class Holder {
    private static final OrtEnvironment ENVIRONMENT = createOnDeepStack();
  }
}
