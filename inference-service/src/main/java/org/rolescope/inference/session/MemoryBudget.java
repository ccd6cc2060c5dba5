package org.rolescope.inference.session;

import java.lang.management.ManagementFactory;

/** How much memory weights may take between requests. */
public final class MemoryBudget {
  private static final long SHARE_OF_MACHINE = 4;

  private MemoryBudget() {}

  /**
   * The budget in bytes.
   *
   * @param configuredBytes what is configured; 0 for a quarter of the memory of the machine or
   *     container
   */
  public static long resolve(long configuredBytes) {
    return configuredBytes > 0 ? configuredBytes : machineBytes() / SHARE_OF_MACHINE;
  }

  private static long machineBytes() {
    return ManagementFactory.getOperatingSystemMXBean()
            instanceof com.sun.management.OperatingSystemMXBean system
        ? system.getTotalMemorySize()
        : Runtime.getRuntime().maxMemory();
  }
}
