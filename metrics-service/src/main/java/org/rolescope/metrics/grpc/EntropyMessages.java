package org.rolescope.metrics.grpc;

import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import org.rolescope.fault.FaultCode;
import org.rolescope.fault.RolescopeException;
import org.rolescope.metrics.entropy.EntropyKind;
import org.rolescope.metrics.entropy.EntropyTable;
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
      message.addTables(
          org.rolescope.v1.EntropyTable.newBuilder()
              .setKind(wireKind(kind))
              .addAllNats(Arrays.stream(layer.table(kind).toArray()).boxed().toList()));
    }
    return message.build();
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
      double[] nats = table.getNatsList().stream().mapToDouble(Double::doubleValue).toArray();
      EntropyKind kind = domainKind(table.getKind(), message.getLayer());
      if (tables.put(kind, new EntropyTable(message.getHeadCount(), promptCount, nats)) != null) {
        throw invalid("Layer %d has two tables of %s entropy; send one", message.getLayer(), kind);
      }
    }
    return new LayerEntropies(
        message.getLayer(), message.getHeadCount(), message.getQueryCountsList(), tables);
  }

  private static org.rolescope.v1.EntropyKind wireKind(EntropyKind kind) {
    return switch (kind) {
      case REFERENCE -> org.rolescope.v1.EntropyKind.ENTROPY_KIND_REFERENCE;
      case EXACT -> org.rolescope.v1.EntropyKind.ENTROPY_KIND_EXACT;
    };
  }

  private static EntropyKind domainKind(org.rolescope.v1.EntropyKind kind, int layer) {
    return switch (kind) {
      case ENTROPY_KIND_REFERENCE -> EntropyKind.REFERENCE;
      case ENTROPY_KIND_EXACT -> EntropyKind.EXACT;
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
