package org.rolescope.cli.figures;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.rolescope.orchestrator.view.Candidates;
import org.rolescope.orchestrator.view.Categories;
import org.rolescope.orchestrator.view.HeadEntropies;
import org.rolescope.orchestrator.view.Heads;
import org.rolescope.orchestrator.view.Heads.HeadPart;
import org.rolescope.orchestrator.view.Heads.HeadRow;
import org.rolescope.orchestrator.view.KeyAttention;
import org.rolescope.orchestrator.view.Layers;
import org.rolescope.orchestrator.view.ModelInfo;
import org.rolescope.orchestrator.view.PromptInfo;
import org.rolescope.orchestrator.view.RunDetail;
import org.rolescope.orchestrator.view.RunViews;
import org.rolescope.v1.EntropyKind;

/**
 * The figures of a run: nine of each model, by the names of the published study, and of a
 * comparison three more. Where that study drew mean attention, which is one over the number of
 * tokens for every head, they show differences of entropies.
 */
public final class FigureSet {
  private static final String COMPARISON = "comparison";
  private static final int VIOLINS = 6;
  private static final int CANDIDATES = 10;

  private final RunViews views;
  private final RunDetail detail;
  private final Categories categories;
  private final Heads heads;
  private final KeyAttention keyAttention;
  private final Layers layers;

  private FigureSet(RunViews views) {
    this.views = views;
    detail = views.detail();
    categories = views.categories(EntropyKind.ENTROPY_KIND_EXACT);
    heads = views.heads();
    keyAttention = views.keyAttention(List.of());
    layers = views.layers();
  }

  /** The figures of a run, in the order of their files. */
  public static List<Figure> of(RunViews views) {
    FigureSet set = new FigureSet(views);
    List<Figure> figures = new ArrayList<>();
    views.parts().forEach(part -> figures.addAll(set.ofModel(part)));
    if (views.parts().size() > 1) {
      figures.addAll(set.ofComparison());
    }
    return List.copyOf(figures);
  }

  private List<Figure> ofModel(String part) {
    Map<String, Object> plain = settings(part, Map.of());
    Map<String, Object> maps =
        settings(part, Map.of("values", List.of("self_minus_neutral", "self_minus_confounder")));
    // A run of one model has no other that it could be taken for.
    String folder = part.equals("single") ? "base" : part;
    return List.of(
        figure(folder, "1_layer_attention_lines", "layer-entropy-lines", categories, plain),
        figure(folder, "2_heatmaps", "head-heatmap", heads, maps),
        figure(folder, "3_token_attention", "token-attention", keyAttention, plain),
        figure(folder, "4_distributions", "entropy-violins", violins(part), plain),
        figure(folder, "5_delta_bar_summary", "layer-deltas", categories, plain),
        figure(folder, "6_top_k_head_ranking", "top-heads", heads, plain),
        figure(folder, "7_cross_token_control", "cross-token-control", keyAttention, plain),
        figure(folder, "8_delta_h_per_layer", "confounder-delta", categories, plain),
        figure(folder, "9_role_focus_separation", "role-focus-separation", layers, plain));
  }

  private List<Figure> ofComparison() {
    Map<String, Object> plain = settings("", Map.of());
    return List.of(
        new Figure(COMPARISON, "rfc_rsi_comparison", "rfc-rsi-comparison", layers, plain),
        new Figure(COMPARISON, "rfc_rsi_differences", "rfc-rsi-differences", layers, plain),
        new Figure(COMPARISON, "patching_candidates", "patching-candidates", candidates(), plain));
  }

  private static Figure figure(
      String folder, String name, String chart, Object view, Map<String, Object> settings) {
    return new Figure(folder, "visualization_" + name, chart, view, settings);
  }

  private Map<String, Object> settings(String part, Map<String, Object> more) {
    Map<String, Object> settings = new TreeMap<>(more);
    if (!part.isEmpty()) {
      settings.put("part", part);
    }
    settings.put(
        "models",
        detail.models().stream()
            .collect(
                Collectors.toMap(ModelInfo::part, ModelInfo::name, (a, _) -> a, TreeMap::new)));
    settings.put("roles", detail.roles());
    settings.put(
        "prompts",
        detail.prompts().stream()
            .collect(
                Collectors.groupingBy(PromptInfo::category, TreeMap::new, Collectors.counting())));
    return settings;
  }

  /** Of the heads whose self and neutral prompts differ the most, as `mostSeparated` has it. */
  private Map<String, Object> violins(String part) {
    Map<HeadRow, Double> effects = new HashMap<>();
    for (HeadRow row : heads.heads()) {
      HeadPart own = row.parts().get(part);
      if (own != null && !own.degenerate() && Double.isFinite(own.cohensD())) {
        effects.put(row, Math.abs(own.cohensD()));
      }
    }
    List<Violin> violins =
        effects.entrySet().stream()
            .sorted(
                Map.Entry.<HeadRow, Double>comparingByValue(Comparator.reverseOrder())
                    .thenComparing(each -> each.getKey().layer())
                    .thenComparing(each -> each.getKey().head()))
            .limit(VIOLINS)
            .map(Map.Entry::getKey)
            .map(row -> new Violin(row, views.headEntropies(row.layer(), row.head())))
            .toList();
    return Map.of("heads", violins, "prompts", detail.prompts());
  }

  private Candidates candidates() {
    if (!views.run().run().plan().ranksHeads()) {
      return new Candidates(0, "reference", List.of(), Optional.empty());
    }
    return views.candidates(CANDIDATES, EntropyKind.ENTROPY_KIND_REFERENCE);
  }

  /**
   * One head of the violins.
   *
   * @param row what follows from its entropies
   * @param entropies of every prompt
   */
  private record Violin(HeadRow row, HeadEntropies entropies) {}
}
