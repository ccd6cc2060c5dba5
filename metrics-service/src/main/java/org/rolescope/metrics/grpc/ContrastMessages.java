package org.rolescope.metrics.grpc;

import org.rolescope.metrics.confound.ConfoundReport;
import org.rolescope.metrics.contrast.ContrastSummary;
import org.rolescope.metrics.contrast.IndexDifference;
import org.rolescope.metrics.contrast.LayerContrast;
import org.rolescope.metrics.contrast.ModelContrast;
import org.rolescope.metrics.contrast.SeriesSummary;
import org.rolescope.metrics.role.RoleOptions;
import org.rolescope.v1.CompareModelsResponse;

/** Converts the contrast of two models to messages. */
final class ContrastMessages {
  private ContrastMessages() {}

  /** The response that tells of a contrast and of what else could explain it. */
  static CompareModelsResponse message(
      RoleOptions options, ModelContrast contrast, ConfoundReport confounds) {
    return CompareModelsResponse.newBuilder()
        .setOptions(OptionMessages.message(options))
        .addAllLayers(contrast.layers().stream().map(ContrastMessages::message).toList())
        .setRfc(message(contrast.rfc()))
        .setRsi(message(contrast.rsi()))
        .setVerdict(contrast.verdict())
        .setConfounds(ConfoundMessages.message(confounds))
        .build();
  }

  private static org.rolescope.v1.LayerContrast message(LayerContrast layer) {
    return org.rolescope.v1.LayerContrast.newBuilder()
        .setLayer(layer.layer())
        .setBase(RoleMessages.message(layer.base()))
        .setInstruct(RoleMessages.message(layer.instruct()))
        .setRfc(message(layer.rfc()))
        .setRsi(message(layer.rsi()))
        .setUnstable(layer.unstable())
        .addAllControls(RoleMessages.controls(layer.controls()))
        .build();
  }

  private static org.rolescope.v1.IndexDifference message(IndexDifference difference) {
    return org.rolescope.v1.IndexDifference.newBuilder()
        .setReference(RoleMessages.message(difference.reference()))
        .setReferenceSignificant(difference.referenceSignificant())
        .setRatioOfSums(RoleMessages.message(difference.ratioOfSums()))
        .setHeadMedian(difference.headMedian())
        .setPValue(difference.pValue())
        .setQValue(difference.qValue())
        .setSignificant(difference.significant())
        .build();
  }

  private static org.rolescope.v1.ContrastSummary message(ContrastSummary summary) {
    return org.rolescope.v1.ContrastSummary.newBuilder()
        .setReference(message(summary.reference()))
        .setRatioOfSums(message(summary.ratioOfSums()))
        .build();
  }

  /** The message of a series in numbers. */
  static org.rolescope.v1.SeriesSummary message(SeriesSummary series) {
    return org.rolescope.v1.SeriesSummary.newBuilder()
        .setMean(series.mean())
        .setMedian(series.median())
        .setStandardDeviation(series.standardDeviation())
        .setMin(series.min())
        .setMax(series.max())
        .setAbove(series.above())
        .setBelow(series.below())
        .setWithin(series.within())
        .build();
  }
}
