package org.rolescope.orchestrator.artifacts;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import org.rolescope.v1.CandidateCause;
import org.rolescope.v1.CategoryDivergence;
import org.rolescope.v1.DirectionScore;

/**
 * {@code causal_candidates}: a row a candidate, in order of rank. Entropies and divergences are in
 * nats; recoveries have no unit.
 */
public final class CausesTable {
  private static final String PREFIX = "CAUSAL_VERDICT_";

  private CausesTable() {}

  /**
   * The table of a report.
   *
   * @param candidates the candidates, all ablated on the same prompts
   */
  public static Table<?> of(List<CandidateCause> candidates) {
    List<String> categories =
        candidates.isEmpty()
            ? List.of()
            : candidates.getFirst().getAblation().getDivergencesList().stream()
                .map(CategoryDivergence::getCategory)
                .toList();
    return new Table<>(columns(categories), candidates.iterator());
  }

  private static List<Column<CandidateCause>> columns(List<String> categories) {
    List<Column<CandidateCause>> columns = new ArrayList<>();
    columns.add(new Column.Whole<>("rank", cause -> cause.getCandidate().getRank()));
    columns.add(new Column.Whole<>("layer", cause -> cause.getCandidate().getLayer()));
    columns.add(new Column.Whole<>("head", cause -> cause.getCandidate().getHead()));
    columns.add(new Column.Real<>("did_median", cause -> cause.getCandidate().getDidMedian()));
    columns.add(new Column.Real<>("did_q_value", cause -> cause.getCandidate().getQValue()));
    for (int index = 0; index < categories.size(); index++) {
      int category = index;
      columns.add(
          new Column.Real<>(
              "ablation_kl_nats_" + categories.get(index),
              cause -> cause.getAblation().getDivergences(category).getMeanKlNats()));
    }
    columns.addAll(direction("denoising", cause -> cause.getPatching().getDenoising()));
    columns.addAll(direction("noising", cause -> cause.getPatching().getNoising()));
    columns.add(new Column.Text<>("verdict", CausesTable::verdict));
    return columns;
  }

  private static List<Column<CandidateCause>> direction(
      String name, Function<CandidateCause, DirectionScore> score) {
    return List.of(
        new Column.Real<>(name + "_recovery", cause -> score.apply(cause).getRecovery().getValue()),
        new Column.Real<>(
            name + "_ci_low", cause -> score.apply(cause).getRecovery().getConfidence().getLow()),
        new Column.Real<>(
            name + "_ci_high", cause -> score.apply(cause).getRecovery().getConfidence().getHigh()),
        new Column.Real<>(name + "_null_quantile", cause -> score.apply(cause).getNullQuantile()),
        new Column.Real<>(name + "_excess_q_value", cause -> score.apply(cause).getExcessQValue()));
  }

  private static String verdict(CandidateCause cause) {
    return cause
        .getPatching()
        .getVerdict()
        .name()
        .substring(PREFIX.length())
        .toLowerCase(Locale.ROOT);
  }
}
