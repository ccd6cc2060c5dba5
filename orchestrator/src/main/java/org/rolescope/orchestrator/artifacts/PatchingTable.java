package org.rolescope.orchestrator.artifacts;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.rolescope.v1.DirectionScore;
import org.rolescope.v1.HeadSite;
import org.rolescope.v1.PatchResults;
import org.rolescope.v1.PatchingScore;

/**
 * {@code patching_scores}: a row a candidate, or in a sweep a place, in the order of the results.
 * Recoveries have no unit: 0 is no effect, 1 all of it.
 */
public final class PatchingTable {
  private PatchingTable() {}

  /** The table of patches that were scored. */
  public static Table<?> of(PatchResults results) {
    return new Table<>(columns(), results.getScores().getScoresList().iterator());
  }

  /** The places of a score, for example {@code 2.5+3.1}. */
  static String heads(PatchingScore score) {
    return score.getHeadsList().stream()
        .map(site -> site.getLayer() + "." + site.getHead())
        .collect(Collectors.joining("+"));
  }

  private static List<Column<PatchingScore>> columns() {
    List<Column<PatchingScore>> columns = new ArrayList<>();
    columns.add(new Column.Text<>("heads", PatchingTable::heads));
    columns.add(new Column.Whole<>("head_count", PatchingScore::getHeadsCount));
    columns.add(new Column.Whole<>("layer", score -> first(score).getLayer()));
    columns.add(new Column.Whole<>("head", score -> first(score).getHead()));
    columns.addAll(direction("denoising", PatchingScore::getDenoising));
    columns.addAll(direction("noising", PatchingTable::noising));
    columns.add(new Column.Text<>("verdict", PatchingTable::verdict));
    return columns;
  }

  private static List<Column<PatchingScore>> direction(
      String name, Function<PatchingScore, DirectionScore> of) {
    return List.of(
        new Column.Real<>(name + "_recovery", score -> of.apply(score).getRecovery().getValue()),
        new Column.Real<>(
            name + "_ci_low", score -> of.apply(score).getRecovery().getConfidence().getLow()),
        new Column.Real<>(
            name + "_ci_high", score -> of.apply(score).getRecovery().getConfidence().getHigh()),
        new Column.Real<>(name + "_p_value", score -> of.apply(score).getPValue()),
        new Column.Real<>(name + "_q_value", score -> of.apply(score).getQValue()),
        new Column.Whole<>(name + "_n_defined", score -> of.apply(score).getDefinedCount()),
        new Column.Whole<>(name + "_n_random_sets", score -> of.apply(score).getNullCount()));
  }

  /** A direction that was not run has no numbers, rather than zeros. */
  private static DirectionScore noising(PatchingScore score) {
    if (score.hasNoising()) {
      return score.getNoising();
    }
    DirectionScore.Builder none =
        DirectionScore.newBuilder().setPValue(Double.NaN).setQValue(Double.NaN);
    none.getRecoveryBuilder()
        .setValue(Double.NaN)
        .getConfidenceBuilder()
        .setLow(Double.NaN)
        .setHigh(Double.NaN);
    return none.build();
  }

  private static HeadSite first(PatchingScore score) {
    return score.getHeads(0);
  }

  /** The verdict in lower case, for example {@code correlate_only}. */
  private static String verdict(PatchingScore score) {
    return score.getVerdict().name().replaceFirst("^CAUSAL_VERDICT_", "").toLowerCase(Locale.ROOT);
  }
}
