package org.rolescope.metrics.role;

import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;
import org.apache.commons.statistics.distribution.NormalDistribution;
import org.rolescope.metrics.stats.Estimate;
import org.rolescope.metrics.stats.Samples;
import org.rolescope.metrics.stats.StudentT;

/**
 * The expanded percentile bootstrap: prompts, not heads, are the sampled unit. METRICS §2.
 *
 * <p>The plain percentile interval is too short for few prompts: a resample spreads less than a
 * sample by √((n − 1)/n), and knows nothing of the Student t tail. Both are made good by taking
 * percentiles further out: Φ(−√(n/(n − 1)) · t), where t is the 97.5th percentile of Student t with
 * n − 1 degrees of freedom, instead of 0.025.
 *
 * @see <a href="https://doi.org/10.1080/00031305.2015.1089789">Hesterberg 2015</a>
 */
public final class BootstrapInterval {
  private BootstrapInterval() {}

  /**
   * Each statistic of the observed prompts, with its 95% interval over resamples. All statistics
   * see the same resamples, each of which is drawn once.
   *
   * @param index says which categories the statistics rest on: n is the size of the smallest
   * @param statistics numbers for prompts; where one is NaN for one resample its interval is NaN
   * @param observed the prompts as they are; a category of one prompt has no interval
   * @param resamples resampled prompts
   */
  public static List<Estimate> of(
      RoleIndex index,
      List<ToDoubleFunction<RolePrompts>> statistics,
      RolePrompts observed,
      Iterable<RolePrompts> resamples) {
    double[][] values =
        StreamSupport.stream(resamples.spliterator(), false)
            .map(resample -> evaluate(statistics, resample))
            .toArray(double[][]::new);
    double[] estimates = evaluate(statistics, observed);
    double tail = tail(observed.fewest(index));
    return IntStream.range(0, estimates.length)
        .mapToObj(
            statistic ->
                new Estimate(
                    estimates[statistic], Samples.central(column(values, statistic), tail)))
        .toList();
  }

  /**
   * The share of resamples to leave out at either end.
   *
   * @param prompts number of prompts in the smallest category; NaN is returned below 2
   */
  public static double tail(int prompts) {
    double reach = StudentT.criticalValue(prompts - 1) * Math.sqrt(prompts / (prompts - 1.0));
    return Double.isNaN(reach)
        ? Double.NaN
        : NormalDistribution.of(0, 1).cumulativeProbability(-reach);
  }

  private static double[] evaluate(
      List<ToDoubleFunction<RolePrompts>> statistics, RolePrompts prompts) {
    return statistics.stream().mapToDouble(statistic -> statistic.applyAsDouble(prompts)).toArray();
  }

  private static double[] column(double[][] values, int statistic) {
    return IntStream.range(0, values.length).mapToDouble(row -> values[row][statistic]).toArray();
  }
}
