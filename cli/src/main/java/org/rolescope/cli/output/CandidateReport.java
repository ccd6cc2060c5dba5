package org.rolescope.cli.output;

import com.github.freva.asciitable.AsciiTable;
import com.github.freva.asciitable.Column;
import com.github.freva.asciitable.ColumnData;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import org.rolescope.v1.Candidate;
import org.rolescope.v1.RankCandidatesResponse;

/** Heads ranked as candidates for patching, as a table. */
public final class CandidateReport {
  private final PrintWriter out;

  /** Prints to this writer. */
  public CandidateReport(PrintWriter out) {
    this.out = out;
  }

  /** Prints the heads given, best first. */
  public void print(RankCandidatesResponse ranking) {
    out.printf(
        "The first %d of %d heads of %s%n",
        ranking.getCandidatesCount(),
        ranking.getRankedCount(),
        ranking.getOptions().getModelFamily());
    out.println(
        AsciiTable.builder()
            .border(Tables.BORDER)
            .data(
                ranking.getCandidatesList(),
                List.of(
                    column("Rank", head -> "" + head.getRank()),
                    column("layer", head -> "" + head.getLayer()),
                    column("head", head -> "" + head.getHead()),
                    column("DiD", head -> Tables.signed(head.getDidMedian())),
                    column("DiD of logs", head -> Tables.signed(head.getDidLogRatioMedian())),
                    column("consistency", head -> share(head.getDidConsistency())),
                    column("base entropy", head -> Tables.plain(head.getBaselineEntropy())),
                    column("score", head -> Tables.signed(head.getCompositeScore())),
                    column("p", head -> Tables.probability(head.getWilcoxonPValue())),
                    column("q", head -> Tables.probability(head.getQValue()))))
            .asString());
    out.printf(
        "DiD: change of %s prompts minus change of %s prompts from base to instruct, median over pairs;%n",
        ranking.getOptions().getRoles().getSelf(), ranking.getOptions().getRoles().getNeutral());
    out.printf(
        "entropy: %s. Score: z of |DiD of logs| + z of consistency - z of base entropy, as published.%n",
        ranking
            .getOptions()
            .getEntropy()
            .name()
            .replaceFirst("^ENTROPY_KIND_", "")
            .toLowerCase(Locale.ROOT));
    out.printf(
        "p: Wilcoxon signed-rank test of DiD; q: Benjamini-Hochberg over all %d heads.%n",
        ranking.getRankedCount());
    out.println(
        "The score ranks; consistency exceeds 0.5 by chance alone, so judge a head by its q.");
    out.println();
    out.flush();
  }

  private static String share(double value) {
    return String.format(Locale.ROOT, "%.2f", value);
  }

  private static ColumnData<Candidate> column(String header, Function<Candidate, String> cell) {
    return new Column().header(header).with(cell);
  }
}
