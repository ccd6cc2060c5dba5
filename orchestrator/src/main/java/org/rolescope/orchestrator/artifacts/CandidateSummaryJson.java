package org.rolescope.orchestrator.artifacts;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Locale;
import org.rolescope.orchestrator.json.Json;
import org.rolescope.v1.CandidateOptions;
import org.rolescope.v1.CandidateSummary;
import org.rolescope.v1.EntropyKind;
import org.rolescope.v1.RankCandidatesResponse;

/**
 * {@code patching_summary_*.json}: the candidates in numbers. The first keys are those of the
 * published study's summaries; behind them stands what the ranking rests on.
 */
public final class CandidateSummaryJson {
  /** The study's name for what METRICS §5 defines. */
  private static final String METHODOLOGY = "robust_median_log_ratio_did";

  private CandidateSummaryJson() {}

  /** Writes the file and closes the stream. A NaN is null. */
  public static void write(OutputStream out, RankCandidatesResponse ranking) throws IOException {
    CandidateSummary summary = ranking.getSummary();
    CandidateOptions options = ranking.getOptions();
    ObjectNode root = JsonNodeFactory.instance.objectNode();
    root.put("model_family", options.getModelFamily());
    root.put("total_candidates", summary.getTotalCandidates());
    number(root, "mean_did_median", summary.getMeanDidMedian());
    number(root, "std_did_median", summary.getStdDidMedian());
    number(root, "mean_log_ratio_median", summary.getMeanLogRatioMedian());
    number(root, "std_log_ratio_median", summary.getStdLogRatioMedian());
    number(root, "mean_consistency", summary.getMeanConsistency());
    number(root, "mean_composite_score", summary.getMeanCompositeScore());
    summary.getLayersWithCandidatesList().forEach(root.putArray("layers_with_candidates")::add);
    root.put("top_layer", summary.getTopLayer());
    root.put("top_head", summary.getTopHead());
    root.put("methodology", METHODOLOGY);
    root.put("heads_ranked", ranking.getRankedCount());
    root.put("entropy", name(options.getEntropy()));
    root.put("self_category", options.getRoles().getSelf());
    root.put("neutral_category", options.getRoles().getNeutral());
    Json.pretty(out, root);
  }

  /** For example {@code reference}. */
  private static String name(EntropyKind kind) {
    return kind.name().replaceFirst("^ENTROPY_KIND_", "").toLowerCase(Locale.ROOT);
  }

  private static void number(ObjectNode object, String key, double value) {
    if (Double.isNaN(value)) {
      object.putNull(key);
    } else {
      object.put(key, value);
    }
  }
}
