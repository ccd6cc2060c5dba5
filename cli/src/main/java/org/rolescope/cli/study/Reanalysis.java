package org.rolescope.cli.study;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.rolescope.metrics.stats.Samples;
import org.rolescope.orchestrator.plan.PromptCategory;
import org.rolescope.v1.CorrelateSeriesResponse;
import org.rolescope.v1.SeriesDescription;

/** What the published tables hide, in sentences; each only where the files show it. METRICS §8. */
public final class Reanalysis {
  /** Attention heads a layer, by the models' own config.json (num_attention_heads). */
  private static final Map<String, Integer> HEADS = headsOfTheModels();

  private static final List<String> VARIANTS = List.of("base", "instruct");

  private final PublishedStudy study;
  private final CorrelateSeriesResponse ours;

  /**
   * Looks at the study.
   *
   * @param study the published files
   * @param ours what was computed from their tables
   */
  public Reanalysis(PublishedStudy study, CorrelateSeriesResponse ours) {
    this.study = study;
    this.ours = ours;
  }

  /** The paragraphs. */
  public List<String> paragraphs() {
    List<String> paragraphs = new ArrayList<>(ours.getVerdict().lines().toList());
    for (SeriesDescription series : ours.getSeriesList()) {
      if (series.getRestsOnOneLayer()) {
        paragraphs.add(denominator(series));
      }
    }
    HEADS.forEach((family, heads) -> paragraphs.addAll(missingHeads(family, heads)));
    study.prompts().categories().forEach(category -> paragraphs.addAll(repeated(category)));
    return paragraphs;
  }

  /** How far the heads of the layer lie apart, against the other layers. */
  private String denominator(SeriesDescription series) {
    LayerTable table = study.tables().get(series.getName());
    int layer = series.getMostInfluentialLayer();
    String spreads =
        VARIANTS.stream()
            .map(
                variant -> {
                  double[] spread = table.column("rfc_std_" + variant);
                  return String.format(
                      Locale.ROOT,
                      "%.4f in %s (median of all layers %.4f)",
                      spread[layer],
                      variant,
                      Samples.median(spread));
                })
            .collect(Collectors.joining(" and "));
    return "%s: the RFC of the heads of layer %d has a standard deviation of %s: a sign of heads whose neutral entropy, the denominator, is close to 0."
        .formatted(name(table), layer, spreads);
  }

  private List<String> missingHeads(String family, int heads) {
    LayerTable table = study.tables().get(family);
    List<Double> counts =
        VARIANTS.stream()
            .flatMap(variant -> Arrays.stream(table.column("n_heads_" + variant)).boxed())
            .distinct()
            .toList();
    if (counts.size() != 1 || counts.getFirst() >= heads) {
      return List.of();
    }
    int given = counts.getFirst().intValue();
    return List.of(
        "%s: n_heads is %d in every layer, but the model has %d: %d heads of each layer are missing."
            .formatted(name(table), given, heads, heads - given));
  }

  private static List<String> repeated(PromptCategory category) {
    Map<String, Integer> counts = new LinkedHashMap<>();
    category.prompts().forEach(prompt -> counts.merge(prompt, 1, Integer::sum));
    return counts.entrySet().stream()
        .filter(prompt -> prompt.getValue() > 1)
        .map(
            prompt ->
                "prompts.json: \"%s\" stands %d times in category %s; the built-in set `default` has another prompt in its place."
                    .formatted(prompt.getKey(), prompt.getValue(), category.name()))
        .toList();
  }

  private static String name(LayerTable table) {
    return table.file().getFileName().toString();
  }

  private static Map<String, Integer> headsOfTheModels() {
    Map<String, Integer> heads = new LinkedHashMap<>();
    heads.put("llama", 32);
    heads.put("mistral", 32);
    heads.put("qwen", 28);
    return heads;
  }
}
