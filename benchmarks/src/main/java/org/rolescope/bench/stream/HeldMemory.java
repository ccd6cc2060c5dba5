package org.rolescope.bench.stream;

import io.netty.util.internal.PlatformDependent;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;

/**
 * What this JVM holds.
 *
 * @param heapBytes heap in use after a collection
 * @param directBytes memory of direct buffers, Netty's own included
 */
record HeldMemory(long heapBytes, long directBytes) {
  static HeldMemory now() {
    System.gc();
    long direct =
        ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class).stream()
            .filter(pool -> pool.getName().equals("direct"))
            .mapToLong(BufferPoolMXBean::getMemoryUsed)
            .sum();
    return new HeldMemory(
        ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed(),
        direct + Math.max(0, PlatformDependent.usedDirectMemory()));
  }

  long totalBytes() {
    return heapBytes + directBytes;
  }
}
