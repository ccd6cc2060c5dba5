package org.rolescope.orchestrator.artifacts;

import java.util.List;
import org.rolescope.v1.PatchingScore;

/**
 * {@code null_recoveries}: a row a random set of heads that candidates are compared with, by the
 * number of its heads.
 */
public final class NullRecoveryTable {
  private NullRecoveryTable() {}

  /**
   * The table of random sets.
   *
   * @param scores their scores, in the order of the table
   */
  public static Table<?> of(List<PatchingScore> scores) {
    return new Table<>(columns(), scores.iterator());
  }

  private static List<Column<PatchingScore>> columns() {
    return List.of(
        new Column.Whole<>("head_count", PatchingScore::getHeadsCount),
        new Column.Text<>("heads", PatchingTable::heads),
        new Column.Real<>(
            "denoising_recovery", score -> score.getDenoising().getRecovery().getValue()),
        new Column.Real<>(
            "noising_recovery",
            score ->
                score.hasNoising() ? score.getNoising().getRecovery().getValue() : Double.NaN));
  }
}
