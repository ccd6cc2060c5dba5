package org.rolescope.inference.session;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Counts what this package holds of native memory: tensors, sessions, mappings. Nothing may be open
 * when no pass is under way; tests hold us to it.
 */
public final class NativeHandles {
  private static final AtomicInteger OPEN = new AtomicInteger();

  private NativeHandles() {}

  /** Number of handles open in this JVM. */
  public static int open() {
    return OPEN.get();
  }

  /** Counts a handle until it is closed; closing twice counts once. */
  static final class Handle implements AutoCloseable {
    private final AtomicBoolean closed = new AtomicBoolean();

    Handle() {
      OPEN.incrementAndGet();
    }

    @Override
    public void close() {
      if (closed.compareAndSet(false, true)) {
        OPEN.decrementAndGet();
      }
    }
  }
}
