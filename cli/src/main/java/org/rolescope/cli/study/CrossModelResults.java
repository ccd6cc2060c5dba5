package org.rolescope.cli.study;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.rolescope.v1.CorrelateSeriesResponse;
import org.rolescope.v1.SeriesCorrelation;
import org.rolescope.v1.SeriesDescription;
import org.rolescope.v1.SeriesSummary;

/**
 * {@code cross_model_analysis_results.json}. {@code summary_stats} and {@code correlations} are the
 * published study's, without its time. Series of unequal length, which the study leaves out, stand
 * under {@code interpolated_correlations}, and what one layer does to a mean under {@code
 * single_layers}.
 */
public final class CrossModelResults {
  private CrossModelResults() {}

  /** The results as JSON; NaN is null. */
  public static ObjectNode of(CorrelateSeriesResponse response) {
    ObjectNode root = JsonNodeFactory.instance.objectNode();
    ObjectNode summaries = root.putObject("summary_stats");
    ObjectNode correlations = root.putObject("correlations");
    ObjectNode interpolated = root.putObject("interpolated_correlations");
    ObjectNode singleLayers = root.putObject("single_layers");
    for (SeriesDescription series : response.getSeriesList()) {
      summarize(summaries.putObject(series.getName()), series);
      tellSingleLayer(singleLayers.putObject(series.getName()), series);
    }
    for (SeriesCorrelation pair : response.getCorrelationsList()) {
      ObjectNode parent = pair.getInterpolated() ? interpolated : correlations;
      correlate(parent.putObject(key(pair)), pair);
    }
    return root;
  }

  /** The key of a pair: both names, in the order given. */
  public static String key(SeriesCorrelation pair) {
    return pair.getFirst() + "_vs_" + pair.getSecond();
  }

  private static void summarize(ObjectNode node, SeriesDescription series) {
    SeriesSummary summary = series.getSummary();
    number(node, "mean", summary.getMean());
    number(node, "std", summary.getStandardDeviation());
    number(node, "min", summary.getMin());
    number(node, "max", summary.getMax());
    node.put("positive_count", series.getPositiveCount());
    node.put("negative_count", series.getNegativeCount());
    node.put("significant_positive", summary.getAbove());
    node.put("significant_negative", summary.getBelow());
    node.put("near_zero", summary.getWithin());
    node.put("total_layers", series.getTotalLayers());
  }

  private static void tellSingleLayer(ObjectNode node, SeriesDescription series) {
    number(node, "median", series.getSummary().getMedian());
    node.put("most_influential_layer", series.getMostInfluentialLayer());
    number(node, "mean_without", series.getMeanWithout());
    number(node, "median_without", series.getMedianWithout());
    node.put("rests_on_one_layer", series.getRestsOnOneLayer());
  }

  private static void correlate(ObjectNode node, SeriesCorrelation pair) {
    number(node, "pearson_r", pair.getPearsonR());
    number(node, "pearson_p", pair.getPearsonP());
    number(node, "spearman_r", pair.getSpearmanR());
    number(node, "spearman_p", pair.getSpearmanP());
    node.put("layers_compared", pair.getLayersCompared());
    if (pair.getInterpolated()) {
      node.put("interpolated", true);
    }
  }

  private static void number(ObjectNode node, String key, double value) {
    if (Double.isNaN(value)) {
      node.putNull(key);
    } else {
      node.put(key, value);
    }
  }
}
