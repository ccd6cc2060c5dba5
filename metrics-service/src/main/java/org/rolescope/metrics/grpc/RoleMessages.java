package org.rolescope.metrics.grpc;

import java.util.List;
import org.rolescope.metrics.role.ControlledIndices;
import org.rolescope.metrics.role.HeadIndex;
import org.rolescope.metrics.role.HeadRoles;
import org.rolescope.metrics.role.KeyAttentionDifference;
import org.rolescope.metrics.role.LayerIndex;
import org.rolescope.metrics.role.LayerRoles;
import org.rolescope.metrics.stats.EffectSize;
import org.rolescope.metrics.stats.Estimate;
import org.rolescope.metrics.stats.Interval;
import org.rolescope.metrics.stats.SampleMean;

/** Converts the roles of one model to messages. */
final class RoleMessages {
  private RoleMessages() {}

  /** The message of a layer. */
  static org.rolescope.v1.LayerRoles message(LayerRoles layer) {
    org.rolescope.v1.LayerRoles.Builder message =
        org.rolescope.v1.LayerRoles.newBuilder()
            .setLayer(layer.layer())
            .setRfc(message(layer.rfc()))
            .setRsi(message(layer.rsi()))
            .addAllHeads(layer.heads().stream().map(RoleMessages::message).toList())
            .setUnstable(layer.unstable())
            .addAllControls(controls(layer.controls()))
            .setSelfAgainstNeutral(message(layer.selfAgainstNeutral()));
    layer.keyAttention().ifPresent(difference -> message.setKeyAttention(message(difference)));
    return message.build();
  }

  /** The messages of controls. */
  static List<org.rolescope.v1.ControlledIndices> controls(List<ControlledIndices> controls) {
    return controls.stream()
        .map(
            control ->
                org.rolescope.v1.ControlledIndices.newBuilder()
                    .setKind(EntropyMessages.wireKind(control.kind()))
                    .setRfc(message(control.rfc()))
                    .setRsi(message(control.rsi()))
                    .build())
        .toList();
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
        .setSelfAgainstNeutral(message(head.selfAgainstNeutral()))
        .build();
  }

  private static org.rolescope.v1.EffectSize message(EffectSize effect) {
    return org.rolescope.v1.EffectSize.newBuilder()
        .setCohensD(effect.cohensD())
        .setHedgesG(effect.hedgesG())
        .build();
  }

  private static org.rolescope.v1.KeyAttentionDifference message(
      KeyAttentionDifference difference) {
    return org.rolescope.v1.KeyAttentionDifference.newBuilder()
        .addAllFirst(difference.first())
        .addAllLast(difference.last())
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
