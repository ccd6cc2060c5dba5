package org.rolescope.cli.figures;

import static java.util.Objects.requireNonNull;

import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;
import org.rolescope.figures.ChartRequest;
import org.rolescope.orchestrator.view.ViewJson;

/**
 * One figure of a run.
 *
 * @param folder {@code base}, {@code instruct} or {@code comparison}
 * @param name of its files, without extension
 * @param chart name of the chart module
 * @param view what it is drawn from
 * @param settings of the chart module
 */
public record Figure(
    String folder, String name, String chart, Object view, Map<String, Object> settings) {
  /** Checks that everything is there. */
  public Figure {
    requireNonNull(folder, "folder is null");
    requireNonNull(name, "name is null");
    requireNonNull(chart, "chart is null");
    requireNonNull(view, "view is null");
    settings = Collections.unmodifiableMap(new TreeMap<>(settings));
  }

  /** What the renderer takes. */
  public ChartRequest request() {
    return new ChartRequest(chart, ViewJson.text(view), ViewJson.text(settings));
  }
}
