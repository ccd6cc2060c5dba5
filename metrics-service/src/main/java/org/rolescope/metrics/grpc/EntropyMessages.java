package org.rolescope.metrics.grpc;

import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.rolescope.fault.FaultCode;
import org.rolescope.fault.RolescopeException;
import org.rolescope.metrics.entropy.EntropyKind;
import org.rolescope.metrics.entropy.EntropyTable;
import org.rolescope.metrics.entropy.KeyAttention;
import org.rolescope.metrics.entropy.LayerEntropies;

/** Converts entropies to and from messages. */
final class EntropyMessages {
  private EntropyMessages() {}

  /** The message of a layer. */
  static org.rolescope.v1.LayerEntropies message(LayerEntropies layer) {
    org.rolescope.v1.LayerEntropies.Builder message =
        org.rolescope.v1.LayerEntropies.newBuilder()
            .setLayer(layer.layer())
            .setHeadCount(layer.headCount())
            .addAllQueryCounts(layer.queryCounts());
    for (EntropyKind kind : EntropyKind.values()) {
      if (layer.has(kind)) {
        EntropyTable table = layer.table(kind);
        message.addTables(
            org.rolescope.v1.EntropyTable.newBuilder()
                .setKind(wireKind(kind))
                .addAllNats(boxed(table.toArray()))
                .addAllQueryCounts(table.queryCounts().orElse(List.of())));
      }
    }
    layer
        .keyAttention()
        .ifPresent(
            keys ->
                message.setKeyAttention(
                    org.rolescope.v1.KeyAttention.newBuilder()
                        .addAllFirst(boxed(keys.firstToArray()))
                        .addAllLast(boxed(keys.lastToArray()))));
    return message.build();
  }

  private static List<Double> boxed(double[] values) {
    return Arrays.stream(values).boxed().toList();
  }

  private static double[] unboxed(List<Double> values) {
    return values.stream().mapToDouble(Double::doubleValue).toArray();
  }

  private static Optional<KeyAttention> keyAttention(org.rolescope.v1.LayerEntropies message) {
    if (!message.hasKeyAttention()) {
      return Optional.empty();
    }
    try {
      return Optional.of(
          new KeyAttention(
              message.getHeadCount(),
              message.getQueryCountsCount(),
              unboxed(message.getKeyAttention().getFirstList()),
              unboxed(message.getKeyAttention().getLastList())));
    } catch (IllegalArgumentException wrongSize) {
      throw invalid("Layer %d cannot be used: %s", message.getLayer(), wrongSize.getMessage());
    }
  }

  /**
   * The layer of a message.
   *
   * @throws RolescopeException INVALID_ARGUMENT where it is not consistent
   */
  static LayerEntropies layer(org.rolescope.v1.LayerEntropies message) {
    int promptCount = message.getQueryCountsCount();
    Map<EntropyKind, EntropyTable> tables = new EnumMap<>(EntropyKind.class);
    for (org.rolescope.v1.EntropyTable table : message.getTablesList()) {
      Optional<List<Integer>> queryCounts =
          Optional.of(table.getQueryCountsList()).filter(counts -> !counts.isEmpty());
      EntropyKind kind = domainKind(table.getKind(), message.getLayer());
      EntropyTable read =
          new EntropyTable(
              message.getHeadCount(), promptCount, unboxed(table.getNatsList()), queryCounts);
      if (tables.put(kind, read) != null) {
        throw invalid("Layer %d has two tables of %s entropy; send one", message.getLayer(), kind);
      }
    }
    return new LayerEntropies(
        message.getLayer(),
        message.getHeadCount(),
        message.getQueryCountsList(),
        tables,
        keyAttention(message));
  }

  /** The contract's name of a kind. */
  static org.rolescope.v1.EntropyKind wireKind(EntropyKind kind) {
    return switch (kind) {
      case REFERENCE -> org.rolescope.v1.EntropyKind.ENTROPY_KIND_REFERENCE;
      case EXACT -> org.rolescope.v1.EntropyKind.ENTROPY_KIND_EXACT;
      case LENGTH_NORMALISED -> org.rolescope.v1.EntropyKind.ENTROPY_KIND_LENGTH_NORMALISED;
      case SINK_EXCLUDED -> org.rolescope.v1.EntropyKind.ENTROPY_KIND_SINK_EXCLUDED;
      case POSITION_MATCHED -> org.rolescope.v1.EntropyKind.ENTROPY_KIND_POSITION_MATCHED;
      case NORM_WEIGHTED -> org.rolescope.v1.EntropyKind.ENTROPY_KIND_NORM_WEIGHTED;
    };
  }

  private static EntropyKind domainKind(org.rolescope.v1.EntropyKind kind, int layer) {
    return switch (kind) {
      case ENTROPY_KIND_REFERENCE -> EntropyKind.REFERENCE;
      case ENTROPY_KIND_EXACT -> EntropyKind.EXACT;
      case ENTROPY_KIND_LENGTH_NORMALISED -> EntropyKind.LENGTH_NORMALISED;
      case ENTROPY_KIND_SINK_EXCLUDED -> EntropyKind.SINK_EXCLUDED;
      case ENTROPY_KIND_POSITION_MATCHED -> EntropyKind.POSITION_MATCHED;
      case ENTROPY_KIND_NORM_WEIGHTED -> EntropyKind.NORM_WEIGHTED;
      case ENTROPY_KIND_UNSPECIFIED, UNRECOGNIZED ->
          throw invalid(
              "Layer %d has a table of no known kind of entropy (%s); send reference and exact",
              layer, kind);
    };
  }

  private static RolescopeException invalid(String message, Object... values) {
    return new RolescopeException(FaultCode.INVALID_ARGUMENT, message.formatted(values));
  }
}
