package org.rolescope.metrics.correlation;

import static java.util.Objects.requireNonNull;

import org.rolescope.metrics.stats.Correlation;

/**
 * How two series go together. METRICS §4.
 *
 * @param first name of the first series
 * @param second name of the second series
 * @param pearson Pearson's coefficient; NaN where a series is constant
 * @param spearman Spearman's coefficient; NaN likewise
 * @param layersCompared number of points compared
 * @param interpolated the series differ in length, so the longer was interpolated at the relative
 *     depths of the layers of the shorter
 */
public record SeriesCorrelation(
    String first,
    String second,
    Correlation pearson,
    Correlation spearman,
    int layersCompared,
    boolean interpolated) {
  /** Checks that nothing is missing. */
  public SeriesCorrelation {
    requireNonNull(first, "first is null");
    requireNonNull(second, "second is null");
    requireNonNull(pearson, "pearson is null");
    requireNonNull(spearman, "spearman is null");
  }

  /**
   * Correlates two series layer by layer, or by relative depth where they differ in length. The
   * published study leaves such pairs out.
   */
  public static SeriesCorrelation of(LayerSeries first, LayerSeries second) {
    int compared = Math.min(first.layerCount(), second.layerCount());
    double[] x = first.interpolated(compared);
    double[] y = second.interpolated(compared);
    return new SeriesCorrelation(
        first.name(),
        second.name(),
        Correlation.pearson(x, y),
        Correlation.spearman(x, y),
        compared,
        first.layerCount() != second.layerCount());
  }
}
