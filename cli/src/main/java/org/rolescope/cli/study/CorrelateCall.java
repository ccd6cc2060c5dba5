package org.rolescope.cli.study;

import java.util.List;
import org.rolescope.cli.services.Connection;
import org.rolescope.v1.CorrelateSeriesRequest;
import org.rolescope.v1.CorrelateSeriesResponse;
import org.rolescope.v1.LayerSeries;
import org.rolescope.v1.MetricsServiceGrpc;

/** Has series correlated by a metrics service. */
public final class CorrelateCall {
  private CorrelateCall() {}

  /**
   * Asks the service.
   *
   * @param series the series, in the order they are to be told
   * @param metrics address of the service, or null for one in this JVM
   * @throws org.rolescope.fault.RolescopeException INVALID_ARGUMENT where a series cannot be used,
   *     UNAVAILABLE where the service cannot be reached
   */
  public static CorrelateSeriesResponse of(List<LayerSeries> series, String metrics) {
    CorrelateSeriesRequest request =
        CorrelateSeriesRequest.newBuilder().addAllSeries(series).build();
    try (Connection connection = Connection.openMetrics(metrics)) {
      return connection.call(
          "metrics service",
          () -> MetricsServiceGrpc.newBlockingStub(connection.channel()).correlateSeries(request));
    }
  }
}
