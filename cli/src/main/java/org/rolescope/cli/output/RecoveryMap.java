package org.rolescope.cli.output;

import com.github.freva.asciitable.AsciiTable;
import com.github.freva.asciitable.Column;
import com.github.freva.asciitable.ColumnData;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.rolescope.v1.PatchResults;
import org.rolescope.v1.PatchingScore;

/** Recovery of every head of a sweep, layers down and heads across. */
final class RecoveryMap {
  /** More do not fit into a line of a terminal. */
  private static final int MAX_HEADS = 16;

  private final PrintWriter out;

  RecoveryMap(PrintWriter out) {
    this.out = out;
  }

  /** Prints the map, unless there are too many heads, or none, for one. */
  void print(PatchResults results) {
    int heads = results.getSourceModel().getHeadCount();
    if (PatchReport.isOfLayer(results.getPlan().getSite())) {
      return;
    }
    if (heads > MAX_HEADS) {
      out.printf(
          "%d heads a layer are too many for a map here; patching_scores.csv has them all.%n",
          heads);
      return;
    }
    List<List<PatchingScore>> layers = new ArrayList<>();
    List<PatchingScore> all = results.getScores().getScoresList();
    for (int first = 0; first < all.size(); first += heads) {
      layers.add(all.subList(first, first + heads));
    }
    List<ColumnData<List<PatchingScore>>> columns = new ArrayList<>();
    columns.add(
        new Column().header("Layer").with(layer -> "" + layer.getFirst().getHeads(0).getLayer()));
    for (int head = 0; head < heads; head++) {
      int column = head;
      columns.add(new Column().header("" + head).with(layer -> percent(layer.get(column))));
    }
    out.println("Denoising recovery of each head in percent (heads across)");
    out.println(AsciiTable.builder().border(Tables.BORDER).data(layers, columns).asString());
    out.println();
  }

  private static String percent(PatchingScore score) {
    double recovery = score.getDenoising().getRecovery().getValue();
    return Double.isNaN(recovery) ? "-" : String.format(Locale.ROOT, "%+.1f", 100 * recovery);
  }
}
