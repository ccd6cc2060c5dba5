package org.rolescope.metrics.grpc;

import org.rolescope.fault.RolescopeException;
import org.rolescope.metrics.correlation.CrossModelAnalysis;
import org.rolescope.metrics.correlation.LayerSeries;
import org.rolescope.metrics.correlation.SeriesCorrelation;
import org.rolescope.metrics.correlation.SeriesDescription;
import org.rolescope.v1.CorrelateSeriesRequest;
import org.rolescope.v1.CorrelateSeriesResponse;

/** Converts series and what was found in them from and to messages. */
final class CorrelationMessages {
  private CorrelationMessages() {}

  /**
   * The answer to a request.
   *
   * @throws RolescopeException INVALID_ARGUMENT where the series cannot be used
   */
  static CorrelateSeriesResponse answer(CorrelateSeriesRequest request) {
    CrossModelAnalysis analysis =
        CrossModelAnalysis.of(
            request.getSeriesList().stream().map(CorrelationMessages::series).toList());
    return CorrelateSeriesResponse.newBuilder()
        .addAllSeries(analysis.series().stream().map(CorrelationMessages::message).toList())
        .addAllCorrelations(
            analysis.correlations().stream().map(CorrelationMessages::message).toList())
        .setVerdict(analysis.verdict())
        .build();
  }

  private static LayerSeries series(org.rolescope.v1.LayerSeries message) {
    return new LayerSeries(
        message.getName(),
        message.getValuesList().stream().mapToDouble(Double::doubleValue).toArray());
  }

  private static org.rolescope.v1.SeriesDescription message(SeriesDescription description) {
    return org.rolescope.v1.SeriesDescription.newBuilder()
        .setName(description.series().name())
        .setSummary(ContrastMessages.message(description.summary()))
        .setTotalLayers(description.series().layerCount())
        .setPositiveCount(description.positiveCount())
        .setNegativeCount(description.negativeCount())
        .setMostInfluentialLayer(description.mostInfluentialLayer())
        .setMeanWithout(description.meanWithout())
        .setMedianWithout(description.medianWithout())
        .setRestsOnOneLayer(description.restsOnOneLayer())
        .build();
  }

  private static org.rolescope.v1.SeriesCorrelation message(SeriesCorrelation correlation) {
    return org.rolescope.v1.SeriesCorrelation.newBuilder()
        .setFirst(correlation.first())
        .setSecond(correlation.second())
        .setPearsonR(correlation.pearson().r())
        .setPearsonP(correlation.pearson().pValue())
        .setSpearmanR(correlation.spearman().r())
        .setSpearmanP(correlation.spearman().pValue())
        .setLayersCompared(correlation.layersCompared())
        .setInterpolated(correlation.interpolated())
        .build();
  }
}
