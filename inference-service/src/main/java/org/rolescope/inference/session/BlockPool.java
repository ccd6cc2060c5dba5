package org.rolescope.inference.session;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Blocks of one size that a pass uses over and over: its memory does not grow with the number of
 * stages. Allocates a block when all are in use. Every block must be closed before the pool is.
 */
final class BlockPool implements AutoCloseable {
  private final Arena arena = Arena.ofShared();
  private final NativeHandles.Handle handle = new NativeHandles.Handle(NativeHandles.Scope.PASS);
  private final Deque<MemorySegment> free = new ArrayDeque<>();
  private final long blockBytes;

  /**
   * An empty pool.
   *
   * @param blockBytes size of every block, bytes
   */
  BlockPool(long blockBytes) {
    this.blockBytes = blockBytes;
  }

  /** A block; closing it gives it back. */
  synchronized WeightBlock acquire() {
    MemorySegment memory = free.isEmpty() ? OffHeap.allocate(arena, blockBytes) : free.pop();
    return new WeightBlock(memory, () -> giveBack(memory));
  }

  @Override
  public void close() {
    arena.close();
    handle.close();
  }

  private synchronized void giveBack(MemorySegment memory) {
    free.push(memory);
  }
}
