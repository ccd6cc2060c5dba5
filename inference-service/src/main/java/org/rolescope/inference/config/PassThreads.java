package org.rolescope.inference.config;

import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * The threads forward passes run on. Platform threads: a pass is native work that would pin a
 * virtual one.
 */
final class PassThreads extends ThreadPoolExecutor {
  /** Some stages of a large model: a pass looks between batches whether it should go on. */
  private static final long STOP_SECONDS = 10;

  /** ONNX Runtime walks graphs recursively, which can overflow Java's default stack of 1 MiB. */
  private static final long STACK_BYTES = 64L << 20;

  PassThreads(String name, InferenceConfiguration configuration) {
    super(
        configuration.maxConcurrentPasses(),
        configuration.maxConcurrentPasses(),
        0,
        TimeUnit.SECONDS,
        new ArrayBlockingQueue<>(configuration.maxWaitingPasses()),
        Thread.ofPlatform().name(name + "-", 0).stackSize(STACK_BYTES).daemon().factory());
  }

  /** Ends the passes and waits a while, so that they put away their temporary files. */
  void stop() {
    shutdownNow();
    try {
      if (!awaitTermination(STOP_SECONDS, TimeUnit.SECONDS)) {
        System.getLogger(PassThreads.class.getName())
            .log(System.Logger.Level.WARNING, "a forward pass did not stop in time");
      }
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
