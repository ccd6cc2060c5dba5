package org.rolescope.metrics.contrast;

import java.util.Arrays;
import org.rolescope.metrics.stats.Samples;

/**
 * A series of layer differences in numbers. METRICS §2, "family summary".
 *
 * @param mean mean over layers; this and the next four are NaN where a layer's difference is
 * @param median median over layers
 * @param standardDeviation population standard deviation (ddof 0)
 * @param min smallest
 * @param max largest
 * @param above layers above +{@value #UNCHANGED_WITHIN}
 * @param below layers below −{@value #UNCHANGED_WITHIN}
 * @param within layers in between, ends included; a NaN is counted nowhere
 */
public record SeriesSummary(
    double mean,
    double median,
    double standardDeviation,
    double min,
    double max,
    int above,
    int below,
    int within) {
  /** A difference not larger than this counts as no change. */
  public static final double UNCHANGED_WITHIN = 0.01;

  /** Summarises differences, [layer]; none give NaN and zero counts. */
  public static SeriesSummary of(double[] differences) {
    return new SeriesSummary(
        Samples.mean(differences),
        Samples.median(differences),
        Samples.populationStandardDeviation(differences),
        Samples.min(differences),
        Samples.max(differences),
        (int) Arrays.stream(differences).filter(value -> value > UNCHANGED_WITHIN).count(),
        (int) Arrays.stream(differences).filter(value -> value < -UNCHANGED_WITHIN).count(),
        (int) Arrays.stream(differences).filter(SeriesSummary::isUnchanged).count());
  }

  /** Whether a difference counts as no change; false for NaN. */
  static boolean isUnchanged(double difference) {
    return Math.abs(difference) <= UNCHANGED_WITHIN;
  }
}
