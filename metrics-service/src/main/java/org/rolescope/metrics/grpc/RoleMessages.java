package org.rolescope.metrics.grpc;

import org.rolescope.metrics.role.HeadIndex;
import org.rolescope.metrics.role.HeadRoles;
import org.rolescope.metrics.role.LayerIndex;
import org.rolescope.metrics.role.LayerRoles;
import org.rolescope.metrics.stats.Estimate;
import org.rolescope.metrics.stats.Interval;
import org.rolescope.metrics.stats.SampleMean;

/** Converts the roles of one model to messages. */
final class RoleMessages {
  private RoleMessages() {}

  /** The message of a layer. */
  static org.rolescope.v1.LayerRoles message(LayerRoles layer) {
    return org.rolescope.v1.LayerRoles.newBuilder()
        .setLayer(layer.layer())
        .setRfc(message(layer.rfc()))
        .setRsi(message(layer.rsi()))
        .addAllHeads(layer.heads().stream().map(RoleMessages::message).toList())
        .setUnstable(layer.unstable())
        .build();
  }

  /** The message of an estimate. */
  static org.rolescope.v1.Estimate message(Estimate estimate) {
    return org.rolescope.v1.Estimate.newBuilder()
        .setValue(estimate.value())
        .setConfidence(message(estimate.confidence()))
        .build();
  }

  private static org.rolescope.v1.LayerIndex message(LayerIndex index) {
    return org.rolescope.v1.LayerIndex.newBuilder()
        .setReference(message(index.reference()))
        .setReferencePromptIndex(message(index.referencePromptIndex()))
        .setRatioOfSums(message(index.ratioOfSums()))
        .setHeadMedian(index.headMedian())
        .build();
  }

  private static org.rolescope.v1.SampleMean message(SampleMean sample) {
    return org.rolescope.v1.SampleMean.newBuilder()
        .setMean(sample.mean())
        .setStandardDeviation(sample.standardDeviation())
        .setConfidence(message(sample.confidence()))
        .setCount(sample.count())
        .build();
  }

  private static org.rolescope.v1.Interval message(Interval interval) {
    return org.rolescope.v1.Interval.newBuilder()
        .setLow(interval.low())
        .setHigh(interval.high())
        .build();
  }

  private static org.rolescope.v1.HeadRoles message(HeadRoles head) {
    return org.rolescope.v1.HeadRoles.newBuilder()
        .setHead(head.head())
        .setReference(message(head.reference()))
        .setExact(message(head.exact()))
        .setDegenerate(head.degenerate())
        .build();
  }

  private static org.rolescope.v1.HeadIndex message(HeadIndex index) {
    return org.rolescope.v1.HeadIndex.newBuilder()
        .setSelfNats(index.selfNats())
        .setNeutralNats(index.neutralNats())
        .setConfounderNats(index.confounderNats())
        .setRfc(index.rfc())
        .setRsi(index.rsi())
        .build();
  }
}
