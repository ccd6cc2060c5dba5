package org.rolescope.cli.study;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import org.rolescope.v1.CorrelateSeriesResponse;

/** Sets what we compute from the published tables beside what was published. METRICS §4. */
public final class Reproduction {
  private static final List<String> CORRELATED = List.of("correlations", "llama_vs_mistral");

  private Reproduction() {}

  /**
   * Every figure of the published results.
   *
   * @param study the published files
   * @param ours what was computed from their tables
   */
  public static List<Figure> figures(PublishedStudy study, CorrelateSeriesResponse ours) {
    ObjectNode results = CrossModelResults.of(ours);
    List<Figure> figures = new ArrayList<>();
    for (String family : PublishedStudy.FAMILIES) {
      figures.addAll(figures(study, results, List.of("summary_stats", family)));
    }
    figures.addAll(figures(study, results, CORRELATED));
    return figures;
  }

  private static List<Figure> figures(
      PublishedStudy study, ObjectNode results, List<String> object) {
    JsonNode ours = results;
    for (String key : object) {
      ours = ours.path(key);
    }
    List<Figure> figures = new ArrayList<>();
    for (var field : ours.properties()) {
      List<String> path = new ArrayList<>(object);
      path.add(field.getKey());
      // A null of ours stands for NaN.
      double value = field.getValue().isNull() ? Double.NaN : field.getValue().asDouble();
      figures.add(new Figure(String.join(".", path), value, study.number(path)));
    }
    return figures;
  }
}
