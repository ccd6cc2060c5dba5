package org.rolescope.bench.machine;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.function.ToLongFunction;
import org.rolescope.bench.report.Times;

/**
 * What something took. Processor time tells of the work even while others want the cores.
 *
 * @param wallNanos time that passed, nanoseconds
 * @param processorNanos time all threads of this process were on a core, nanoseconds
 */
public record Cost(double wallNanos, double processorNanos) {
  private static final OperatingSystemMXBean SYSTEM =
      ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);

  /** Costs nothing. */
  public static final Cost NONE = new Cost(0, 0);

  /** Does something and says what it took. */
  public static Cost of(Runnable work) {
    long processor = SYSTEM.getProcessCpuTime();
    long start = System.nanoTime();
    work.run();
    return new Cost(System.nanoTime() - start, SYSTEM.getProcessCpuTime() - processor);
  }

  /** Medians of both times, each for itself. */
  public static Cost median(List<Cost> costs) {
    return new Cost(
        times(costs, cost -> (long) cost.wallNanos).medianNanos(),
        times(costs, cost -> (long) cost.processorNanos).medianNanos());
  }

  /** The times that passed. */
  public static Times wall(List<Cost> costs) {
    return times(costs, cost -> (long) cost.wallNanos);
  }

  /** Both together. */
  public Cost plus(Cost other) {
    return new Cost(wallNanos + other.wallNanos, processorNanos + other.processorNanos);
  }

  /** So many of these. */
  public Cost times(double count) {
    return new Cost(wallNanos * count, processorNanos * count);
  }

  private static Times times(List<Cost> costs, ToLongFunction<Cost> part) {
    return new Times(costs.stream().map(part::applyAsLong).toList());
  }
}
