package org.rolescope.inference.session;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import org.rolescope.fault.FaultCode;
import org.rolescope.fault.RolescopeException;

/**
 * Memory outside the heap, or a sentence where there is none. It comes as it is, not zeroed as an
 * {@link Arena} would: whoever fills a large block on all cores also finds its pages on all cores,
 * which on virtual machines takes longer than filling them.
 */
final class OffHeap {
  private static final MethodHandle MALLOC =
      function("malloc", FunctionDescriptor.of(ValueLayout.ADDRESS, ValueLayout.JAVA_LONG));
  private static final MethodHandle FREE =
      function("free", FunctionDescriptor.ofVoid(ValueLayout.ADDRESS));

  private OffHeap() {}

  /**
   * Allocates memory, aligned for tensors, its content undefined.
   *
   * @param arena frees it when closed
   * @throws RolescopeException RESOURCE_EXHAUSTED where the machine has not got it
   */
  @SuppressWarnings("restricted")
  static MemorySegment allocate(Arena arena, long sizeBytes) {
    long padded = Math.addExact(sizeBytes, WeightBlock.ALIGNMENT_BYTES);
    MemorySegment found = malloc(padded);
    if (found.equals(MemorySegment.NULL)) {
      throw new RolescopeException(
          FaultCode.RESOURCE_EXHAUSTED,
          "The weights of a stage need %d bytes of memory, which the machine does not have; export with fewer layers a stage or lower rolescope.inference.memory-budget"
              .formatted(sizeBytes));
    }
    MemorySegment memory = found.reinterpret(padded, arena, OffHeap::free);
    long offset = Math.floorMod(-memory.address(), WeightBlock.ALIGNMENT_BYTES);
    return memory.asSlice(offset, sizeBytes);
  }

  private static MemorySegment malloc(long sizeBytes) {
    try {
      return (MemorySegment) MALLOC.invokeExact(sizeBytes);
    } catch (Throwable impossible) {
      throw new AssertionError(impossible);
    }
  }

  private static void free(MemorySegment memory) {
    try {
      FREE.invokeExact(memory);
    } catch (Throwable impossible) {
      throw new AssertionError(impossible);
    }
  }

  @SuppressWarnings("restricted")
  private static MethodHandle function(String name, FunctionDescriptor descriptor) {
    Linker linker = Linker.nativeLinker();
    return linker.downcallHandle(linker.defaultLookup().findOrThrow(name), descriptor);
  }
}
