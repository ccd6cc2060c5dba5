package org.rolescope.inference.session;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Counts what this package holds of native memory: tensors, sessions, blocks of weights. Nothing of
 * a pass may be open when no pass is under way, and nothing resident once residency is closed;
 * tests hold us to both.
 */
public final class NativeHandles {
  private NativeHandles() {}

  /** Handles that passes hold in this JVM. */
  public static int open() {
    return Scope.PASS.open.get();
  }

  /** Handles of weights and sessions that stay between requests in this JVM. */
  public static int resident() {
    return Scope.RESIDENT.open.get();
  }

  /** Whose life a handle shares. */
  enum Scope {
    /** One forward pass. */
    PASS,
    /** A resident model. */
    RESIDENT;

    private final AtomicInteger open = new AtomicInteger();
  }

  /** Counts a handle until it is closed; closing twice counts once. */
  static final class Handle implements AutoCloseable {
    private final Scope scope;
    private final AtomicBoolean closed = new AtomicBoolean();

    Handle(Scope scope) {
      this.scope = scope;
      scope.open.incrementAndGet();
    }

    @Override
    public void close() {
      if (closed.compareAndSet(false, true)) {
        scope.open.decrementAndGet();
      }
    }
  }
}
