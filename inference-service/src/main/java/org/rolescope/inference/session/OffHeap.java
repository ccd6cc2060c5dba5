package org.rolescope.inference.session;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.rolescope.fault.FaultCode;
import org.rolescope.fault.RolescopeException;

/** Memory outside the heap, or a sentence where there is none. */
final class OffHeap {
  private OffHeap() {}

  /**
   * Allocates memory, aligned for tensors.
   *
   * @throws RolescopeException RESOURCE_EXHAUSTED where the machine has not got it
   */
  static MemorySegment allocate(Arena arena, long sizeBytes) {
    try {
      return arena.allocate(Math.max(1, sizeBytes), WeightBlock.ALIGNMENT_BYTES);
    } catch (OutOfMemoryError exhausted) {
      throw new RolescopeException(
          FaultCode.RESOURCE_EXHAUSTED,
          "The weights of a stage need %d bytes of memory, which the machine does not have; export with fewer layers a stage or lower rolescope.inference.memory-budget"
              .formatted(sizeBytes),
          exhausted);
    }
  }
}
