package org.rolescope.metrics.correlation;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.rolescope.fault.FaultCode;
import org.rolescope.fault.RolescopeException;

/**
 * Several series described, and each two of them correlated.
 *
 * @param series one description a series, in the order given
 * @param correlations one entry for each two series: the first with all behind it, then the second
 * @param verdict what single layers hide: a paragraph for each series, apart by line feeds
 */
public record CrossModelAnalysis(
    List<SeriesDescription> series, List<SeriesCorrelation> correlations, String verdict) {
  /** Copies the lists. */
  public CrossModelAnalysis {
    series = List.copyOf(series);
    correlations = List.copyOf(correlations);
    requireNonNull(verdict, "verdict is null");
  }

  /**
   * Analyses series.
   *
   * @param series at least one; one alone is described and correlated with nothing
   * @throws RolescopeException INVALID_ARGUMENT where there is none, or two have the same name
   */
  public static CrossModelAnalysis of(List<LayerSeries> series) {
    check(!series.isEmpty(), "There are no series; send at least one");
    Set<String> names = new HashSet<>();
    for (LayerSeries each : series) {
      check(
          names.add(each.name()),
          "Two series have the name " + each.name() + "; give each its own");
    }
    List<SeriesDescription> descriptions = series.stream().map(SeriesDescription::of).toList();
    String verdict = descriptions.stream().map(SeriesVerdict::of).collect(Collectors.joining("\n"));
    return new CrossModelAnalysis(descriptions, pairs(series), verdict);
  }

  private static List<SeriesCorrelation> pairs(List<LayerSeries> series) {
    List<SeriesCorrelation> correlations = new ArrayList<>();
    for (int first = 0; first < series.size(); first++) {
      for (LayerSeries second : series.subList(first + 1, series.size())) {
        correlations.add(SeriesCorrelation.of(series.get(first), second));
      }
    }
    return correlations;
  }

  private static void check(boolean holds, String otherwise) {
    if (!holds) {
      throw new RolescopeException(FaultCode.INVALID_ARGUMENT, otherwise);
    }
  }
}
