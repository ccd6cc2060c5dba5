package org.rolescope.inference.session;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.atomic.AtomicBoolean;

/** Off-heap memory for the weights of one stage. Whoever got it closes it. */
final class WeightBlock implements AutoCloseable {
  /** Tensors begin at multiples of this many bytes: a cache line, and the widest vector. */
  static final long ALIGNMENT_BYTES = 64;

  private final MemorySegment memory;
  private final Runnable release;
  private final AtomicBoolean closed = new AtomicBoolean();

  /**
   * A block of this memory.
   *
   * @param memory the memory
   * @param release takes it back
   */
  WeightBlock(MemorySegment memory, Runnable release) {
    this.memory = memory;
    this.release = release;
  }

  /**
   * A block of its own.
   *
   * @param sizeBytes size, bytes
   * @param scope whose life it shares
   */
  static WeightBlock allocate(long sizeBytes, NativeHandles.Scope scope) {
    Arena arena = Arena.ofShared();
    MemorySegment memory = OffHeap.allocate(arena, sizeBytes);
    NativeHandles.Handle handle = new NativeHandles.Handle(scope);
    return new WeightBlock(
        memory,
        () -> {
          arena.close();
          handle.close();
        });
  }

  /** The bytes from an offset on. */
  MemorySegment slice(long offsetBytes, long sizeBytes) {
    return memory.asSlice(offsetBytes, sizeBytes);
  }

  @Override
  public void close() {
    if (closed.compareAndSet(false, true)) {
      release.run();
    }
  }
}
