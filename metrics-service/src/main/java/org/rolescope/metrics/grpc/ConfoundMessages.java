package org.rolescope.metrics.grpc;

import org.rolescope.metrics.confound.CategoryLengths;
import org.rolescope.metrics.confound.ConfoundReport;
import org.rolescope.metrics.confound.LayerConfounds;
import org.rolescope.metrics.confound.LengthBalance;
import org.rolescope.metrics.confound.ModelConfounds;

/** Converts what else could explain the numbers to messages. */
final class ConfoundMessages {
  private ConfoundMessages() {}

  /** The message of a report. */
  static org.rolescope.v1.ConfoundReport message(ConfoundReport report) {
    org.rolescope.v1.ConfoundReport.Builder message =
        org.rolescope.v1.ConfoundReport.newBuilder()
            .addAllLengths(report.lengths().stream().map(ConfoundMessages::message).toList())
            .setRfcBalance(message(report.rfcBalance()))
            .addAllLayers(report.layers().stream().map(ConfoundMessages::message).toList())
            .setVerdict(report.verdict());
    report.rsiBalance().map(ConfoundMessages::message).ifPresent(message::setRsiBalance);
    return message.build();
  }

  private static org.rolescope.v1.CategoryLengths message(CategoryLengths lengths) {
    return org.rolescope.v1.CategoryLengths.newBuilder()
        .setCategory(lengths.category())
        .setPromptCount(lengths.promptCount())
        .setMeanTokens(lengths.meanTokens())
        .setMinTokens(lengths.minTokens())
        .setMaxTokens(lengths.maxTokens())
        .build();
  }

  private static org.rolescope.v1.LengthBalance message(LengthBalance balance) {
    return org.rolescope.v1.LengthBalance.newBuilder()
        .setDifferenceTokens(balance.differenceTokens())
        .setPValue(balance.pValue())
        .setBalanced(balance.balanced())
        .build();
  }

  private static org.rolescope.v1.LayerConfounds message(LayerConfounds layer) {
    org.rolescope.v1.LayerConfounds.Builder message =
        org.rolescope.v1.LayerConfounds.newBuilder()
            .setLayer(layer.layer())
            .setBase(message(layer.base()));
    layer.instruct().ifPresent(instruct -> message.setInstruct(message(instruct)));
    return message.build();
  }

  private static org.rolescope.v1.ModelConfounds message(ModelConfounds model) {
    return org.rolescope.v1.ModelConfounds.newBuilder()
        .setSinkMass(model.sinkMass())
        .addAllDegenerateHeads(model.degenerateHeads())
        .build();
  }
}
