package org.rolescope.figures;

import static java.util.Objects.requireNonNull;

/**
 * One chart to draw.
 *
 * @param chart name of the chart module, for example {@code head-heatmap}
 * @param data what the module's {@code option} takes, as JSON; see {@code
 *     dashboard/src/api/types.js}
 * @param settings the module's settings, as JSON; see {@code dashboard/src/charts/theme.js}
 */
public record ChartRequest(String chart, String data, String settings) {
  /** Checks that the name can only be that of a chart module. */
  public ChartRequest {
    requireNonNull(data, "data is null");
    requireNonNull(settings, "settings is null");
    if (!requireNonNull(chart, "chart is null").matches("[a-z][a-z0-9-]*")) {
      throw new IllegalArgumentException("\"%s\" cannot be a chart module".formatted(chart));
    }
  }
}
