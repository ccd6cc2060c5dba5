package org.rolescope.metrics.role;

import java.util.function.ToDoubleFunction;
import java.util.stream.StreamSupport;
import org.rolescope.metrics.stats.Estimate;
import org.rolescope.metrics.stats.Samples;

/** The percentile bootstrap: prompts, not heads, are the sampled unit. METRICS §2. */
public final class BootstrapInterval {
  private BootstrapInterval() {}

  /**
   * The statistic of the observed prompts, and from the 2.5th to the 97.5th percentile of it over
   * resamples, linearly interpolated.
   *
   * @param statistic a number for prompts; where it is NaN for one resample the interval is NaN
   * @param observed the prompts as they are
   * @param resamples resampled prompts
   */
  public static Estimate of(
      ToDoubleFunction<RolePrompts> statistic,
      RolePrompts observed,
      Iterable<RolePrompts> resamples) {
    double[] values =
        StreamSupport.stream(resamples.spliterator(), false).mapToDouble(statistic).toArray();
    return new Estimate(statistic.applyAsDouble(observed), Samples.central95(values));
  }
}
