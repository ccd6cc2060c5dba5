package org.rolescope.export.safetensors;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;

/** Bytes of heap the current thread asks for. */
final class AllocationMeter {
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  private AllocationMeter() {}

  static long measure(Runnable work) {
    long before = THREADS.getCurrentThreadAllocatedBytes();
    work.run();
    return THREADS.getCurrentThreadAllocatedBytes() - before;
  }
}
