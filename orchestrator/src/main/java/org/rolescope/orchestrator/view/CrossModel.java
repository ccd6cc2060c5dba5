package org.rolescope.orchestrator.view;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.rolescope.orchestrator.report.FinishedRun;
import org.rolescope.v1.CorrelateSeriesResponse;
import org.rolescope.v1.IndexDifference;
import org.rolescope.v1.LayerContrast;
import org.rolescope.v1.LayerSeries;
import org.rolescope.v1.SeriesCorrelation;
import org.rolescope.v1.SeriesDescription;

/**
 * Families against each other: the difference of instruct and base over the layers of each.
 *
 * @param series one a comparison and index: RFC of all, then RSI
 * @param correlations each two of one index; none of series with fewer than three layers, or with a
 *     layer that has no value
 * @param verdict what single layers hide, a paragraph a series of RFC; empty where none can be
 *     described
 */
public record CrossModel(
    List<CrossModelSeries> series, List<CrossModelCorrelation> correlations, String verdict) {
  private static final int MIN_LAYERS = 3;

  /** Copies the lists. */
  public CrossModel {
    series = List.copyOf(series);
    correlations = List.copyOf(correlations);
  }

  /** Which estimator the differences are taken from. */
  public enum Statistic {
    /** Of the published study. */
    REFERENCE,
    /** The default. */
    RATIO_OF_SUMS
  }

  /**
   * One index of one comparison.
   *
   * @param name the family; the run where two are of one family
   * @param family the family
   * @param runId the run
   * @param index rfc or rsi
   * @param values a row a layer
   * @param mean mean over layers; NaN where it cannot be described
   * @param above layers above +0.01
   * @param below layers below −0.01
   * @param within layers within ±0.01
   * @param direction in words
   */
  public record CrossModelSeries(
      String name,
      String family,
      String runId,
      String index,
      List<LayerValue> values,
      double mean,
      int above,
      int below,
      int within,
      String direction) {}

  /**
   * One layer.
   *
   * @param layer the layer
   * @param depth its place, 0 for the first layer and 1 for the last
   * @param value instruct minus base
   */
  public record LayerValue(int layer, double depth, double value) {}

  /**
   * How two series go together. What the numbers are: {@code rolescope.v1.SeriesCorrelation}.
   *
   * @param first name of the first
   * @param second name of the second
   * @param index rfc or rsi
   * @param pearsonR Pearson's r; NaN where a series is constant
   * @param pearsonP its two-sided p-value
   * @param spearmanR Spearman's r
   * @param spearmanP its two-sided p-value
   * @param layersCompared number of points
   * @param interpolated whether one was interpolated at relative depths
   */
  public record CrossModelCorrelation(
      String first,
      String second,
      String index,
      double pearsonR,
      double pearsonP,
      double spearmanR,
      double spearmanP,
      int layersCompared,
      boolean interpolated) {
    static CrossModelCorrelation of(String index, SeriesCorrelation pair) {
      return new CrossModelCorrelation(
          pair.getFirst(),
          pair.getSecond(),
          index,
          pair.getPearsonR(),
          pair.getPearsonP(),
          pair.getSpearmanR(),
          pair.getSpearmanP(),
          pair.getLayersCompared(),
          pair.getInterpolated());
    }
  }

  /** Describes and correlates series. */
  @FunctionalInterface
  public interface Correlator {
    /** As {@code MetricsService.CorrelateSeries}. */
    CorrelateSeriesResponse correlate(List<LayerSeries> series);
  }

  /**
   * Sets comparisons against each other.
   *
   * @param runs complete comparisons
   * @param statistic which estimator
   * @param correlator who computes
   */
  public static CrossModel of(List<FinishedRun> runs, Statistic statistic, Correlator correlator) {
    Map<String, FinishedRun> named = named(runs);
    Map<String, Function<LayerContrast, IndexDifference>> indices = new LinkedHashMap<>();
    indices.put("rfc", LayerContrast::getRfc);
    indices.put("rsi", LayerContrast::getRsi);
    List<CrossModelSeries> series = new ArrayList<>();
    List<CrossModelCorrelation> correlations = new ArrayList<>();
    StringBuilder verdict = new StringBuilder();
    indices.forEach(
        (index, difference) -> {
          Map<String, double[]> values = new LinkedHashMap<>();
          named.forEach((name, run) -> values.put(name, values(run, difference, statistic)));
          CorrelateSeriesResponse found = correlate(values, correlator);
          named.forEach(
              (name, run) -> series.add(series(name, run, index, values.get(name), found)));
          found.getCorrelationsList().stream()
              .map(pair -> CrossModelCorrelation.of(index, pair))
              .forEach(correlations::add);
          if (verdict.isEmpty()) {
            verdict.append(found.getVerdict());
          }
        });
    return new CrossModel(series, correlations, verdict.toString());
  }

  private static Map<String, FinishedRun> named(List<FinishedRun> runs) {
    Map<String, Long> counts = new HashMap<>();
    runs.forEach(run -> counts.merge(run.run().plan().family(), 1L, Long::sum));
    return runs.stream()
        .collect(
            Collectors.toMap(
                run ->
                    counts.get(run.run().plan().family()) == 1
                        ? run.run().plan().family()
                        : run.run().id().text(),
                Function.identity(),
                (first, same) -> first,
                LinkedHashMap::new));
  }

  private static double[] values(
      FinishedRun run, Function<LayerContrast, IndexDifference> index, Statistic statistic) {
    return run.results().getComparison().getLayersList().stream()
        .map(index)
        .mapToDouble(
            difference ->
                switch (statistic) {
                  case REFERENCE -> difference.getReference().getValue();
                  case RATIO_OF_SUMS -> difference.getRatioOfSums().getValue();
                })
        .toArray();
  }

  /** Of those series that can be correlated. */
  private static CorrelateSeriesResponse correlate(
      Map<String, double[]> values, Correlator correlator) {
    List<LayerSeries> series = new ArrayList<>();
    values.forEach(
        (name, each) -> {
          if (each.length >= MIN_LAYERS && Arrays.stream(each).allMatch(Double::isFinite)) {
            series.add(
                LayerSeries.newBuilder()
                    .setName(name)
                    .addAllValues(Arrays.stream(each).boxed().toList())
                    .build());
          }
        });
    return series.isEmpty()
        ? CorrelateSeriesResponse.getDefaultInstance()
        : correlator.correlate(series);
  }

  private static CrossModelSeries series(
      String name, FinishedRun run, String index, double[] values, CorrelateSeriesResponse found) {
    List<LayerValue> layers = new ArrayList<>();
    for (int layer = 0; layer < values.length; layer++) {
      double depth = values.length == 1 ? 0 : layer / (values.length - 1.0);
      layers.add(new LayerValue(layer, depth, values[layer]));
    }
    SeriesDescription description =
        found.getSeriesList().stream()
            .filter(each -> each.getName().equals(name))
            .findFirst()
            .orElse(SeriesDescription.getDefaultInstance());
    boolean described = description.hasSummary();
    return new CrossModelSeries(
        name,
        run.run().plan().family(),
        run.run().id().text(),
        index,
        layers,
        described ? description.getSummary().getMean() : Double.NaN,
        description.getSummary().getAbove(),
        description.getSummary().getBelow(),
        description.getSummary().getWithin(),
        direction(description));
  }

  private static String direction(SeriesDescription series) {
    if (!series.hasSummary()) {
      return "undefined: some layer has no value, or there are fewer than three";
    }
    int above = series.getSummary().getAbove();
    int below = series.getSummary().getBelow();
    String words =
        above == below
            ? "neither up nor down"
            : above > below ? "up in instruct" : "down in instruct";
    return series.getRestsOnOneLayer()
        ? words + "; the mean rests on layer " + series.getMostInfluentialLayer()
        : words;
  }
}
