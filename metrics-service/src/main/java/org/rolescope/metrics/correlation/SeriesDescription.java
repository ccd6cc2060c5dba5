package org.rolescope.metrics.correlation;

import static java.util.Objects.requireNonNull;

import java.util.Arrays;
import org.rolescope.metrics.contrast.SeriesSummary;
import org.rolescope.metrics.stats.Samples;

/**
 * A series in numbers, as the published study's {@code summary_stats} has them, and what a single
 * layer does to its mean. METRICS §4 and §8.
 *
 * @param series the series
 * @param summary mean, median, population standard deviation (ddof 0), range and counts beyond
 *     ±0.01
 * @param positiveCount layers above 0
 * @param negativeCount layers below 0
 * @param mostInfluentialLayer the layer whose removal moves the mean the most; the first of several
 * @param meanWithout mean without that layer
 * @param medianWithout median without that layer
 */
public record SeriesDescription(
    LayerSeries series,
    SeriesSummary summary,
    int positiveCount,
    int negativeCount,
    int mostInfluentialLayer,
    double meanWithout,
    double medianWithout) {
  /** Checks that nothing is missing. */
  public SeriesDescription {
    requireNonNull(series, "series is null");
    requireNonNull(summary, "summary is null");
  }

  /** Describes a series. */
  public static SeriesDescription of(LayerSeries series) {
    double[] values = series.toArray();
    SeriesSummary summary = SeriesSummary.of(values);
    // Leaving layer l out moves the mean by (mean − value) / (count − 1).
    int influential = 0;
    for (int layer = 1; layer < values.length; layer++) {
      if (distance(values, layer, summary) > distance(values, influential, summary)) {
        influential = layer;
      }
    }
    double[] rest = series.without(influential);
    return new SeriesDescription(
        series,
        summary,
        (int) Arrays.stream(values).filter(value -> value > 0).count(),
        (int) Arrays.stream(values).filter(value -> value < 0).count(),
        influential,
        Samples.mean(rest),
        Samples.median(rest));
  }

  /** Whether the mean owes its sign, or more than half of its size, to the one layer. */
  public boolean restsOnOneLayer() {
    return owesSign() || Math.abs(meanWithout) < Math.abs(summary.mean()) / 2;
  }

  /** Whether the mean has the sign it has only with the one layer; false for a mean of 0. */
  boolean owesSign() {
    return summary.mean() != 0 && Math.signum(meanWithout) != Math.signum(summary.mean());
  }

  private static double distance(double[] values, int layer, SeriesSummary summary) {
    return Math.abs(values[layer] - summary.mean());
  }
}
