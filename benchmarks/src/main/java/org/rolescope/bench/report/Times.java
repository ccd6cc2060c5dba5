package org.rolescope.bench.report;

import java.util.List;
import org.apache.commons.statistics.descriptive.Median;

/**
 * Times of the repetitions of one thing.
 *
 * @param nanos nanoseconds of each repetition; at least one
 */
public record Times(List<Long> nanos) {
  /** Copies the times. */
  public Times {
    nanos = List.copyOf(nanos);
    if (nanos.isEmpty()) {
      throw new IllegalArgumentException("there is no repetition");
    }
  }

  /** Median, nanoseconds. */
  public double medianNanos() {
    return Median.withDefaults().evaluate(nanos.stream().mapToDouble(Long::doubleValue).toArray());
  }

  /** The shortest, nanoseconds. */
  public long minNanos() {
    return nanos.stream().mapToLong(Long::longValue).min().orElseThrow();
  }

  /** The longest, nanoseconds. */
  public long maxNanos() {
    return nanos.stream().mapToLong(Long::longValue).max().orElseThrow();
  }
}
