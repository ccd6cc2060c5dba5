package org.rolescope.cli.output;

import com.github.freva.asciitable.AsciiTable;
import com.github.freva.asciitable.Column;
import com.github.freva.asciitable.ColumnData;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import org.rolescope.orchestrator.report.CausesPage;
import org.rolescope.v1.CandidateCause;
import org.rolescope.v1.CategoryDivergence;
import org.rolescope.v1.CausalReport;
import org.rolescope.v1.DirectionScore;
import org.rolescope.v1.PatchingScore;

/** The report on causes, as tables and sentences. */
public final class CausesOutput {
  private final PrintWriter out;

  /** Prints to this writer. */
  public CausesOutput(PrintWriter out) {
    this.out = out;
  }

  /** Prints candidates and carriers, the null, the rule and the verdict; the verdict is last. */
  public void print(CausalReport report) {
    String source = report.getSweep().getSourceModel().getName();
    String target = report.getSweep().getTargetModel().getName();
    out.printf(
        "Do the candidates cause anything? %d pairs of prompts, %s%n",
        report.getSweep().getPlan().getPairsCount(),
        source.equals(target) ? "both run by " + source : "from " + source + " into " + target);
    out.println(
        AsciiTable.builder()
            .border(Tables.BORDER)
            .data(report.getCandidatesList(), candidateColumns(report))
            .asString());
    printCarriers(report);
    printNull(report);
    out.printf(
        "Recovery: 0 is no effect, 1 all of it. KL: of the next token with the head zeroed out of %s, nats.%n",
        source);
    out.println("Verdicts - " + report.getRule());
    out.printf("Report and tables in %s%n", report.getFolder());
    out.println();
    out.println(report.getVerdict());
    out.flush();
  }

  private static List<ColumnData<CandidateCause>> candidateColumns(CausalReport report) {
    List<ColumnData<CandidateCause>> columns = new ArrayList<>();
    columns.add(new Column().header("Rank").with(cause -> "" + cause.getCandidate().getRank()));
    columns.add(
        new Column()
            .header("head")
            .with(cause -> CausesPage.name(cause.getPatching().getHeads(0))));
    columns.add(
        new Column()
            .header("DiD")
            .with(cause -> Tables.signed(cause.getCandidate().getDidMedian())));
    List<CategoryDivergence> categories =
        report.getCandidatesCount() == 0
            ? List.of()
            : report.getCandidates(0).getAblation().getDivergencesList();
    for (int index = 0; index < categories.size(); index++) {
      int category = index;
      columns.add(
          new Column()
              .header("KL " + categories.get(index).getCategory())
              .with(
                  cause ->
                      Tables.plain(cause.getAblation().getDivergences(category).getMeanKlNats())));
    }
    columns.addAll(recoveries(CandidateCause::getPatching));
    columns.add(
        Tables.left("verdict").with(cause -> CausesPage.words(cause.getPatching().getVerdict())));
    return columns;
  }

  private void printCarriers(CausalReport report) {
    if (report.getCarriersCount() > 0) {
      out.println("Heads that carry the answer, of all heads:");
      List<ColumnData<PatchingScore>> columns = new ArrayList<>();
      columns.add(new Column().header("head").with(score -> CausesPage.name(score.getHeads(0))));
      columns.addAll(recoveries(Function.identity()));
      out.println(
          AsciiTable.builder()
              .border(Tables.BORDER)
              .data(report.getCarriersList(), columns)
              .asString());
    }
  }

  private void printNull(CausalReport report) {
    out.println("Null, random heads that are no candidates; 95% of them recover less than:");
    report.getCandidatesList().stream()
        .limit(1)
        .map(CandidateCause::getPatching)
        .forEach(this::printNull);
    printNull(report.getTogether());
  }

  private void printNull(PatchingScore score) {
    out.printf(
        "  %d at once: denoising %s, noising %s (%d sets)%n",
        score.getHeadsCount(),
        level(score.getDenoising()),
        level(score.getNoising()),
        score.getDenoising().getNullCount());
  }

  private static <R> List<ColumnData<R>> recoveries(Function<R, PatchingScore> score) {
    return List.of(
        new Column()
            .header("denoising")
            .with(row -> Tables.withInterval(score.apply(row).getDenoising().getRecovery())),
        new Column()
            .header("noising")
            .with(row -> Tables.withInterval(score.apply(row).getNoising().getRecovery())));
  }

  private static String level(DirectionScore score) {
    return String.format(Locale.ROOT, "%.4f", score.getNullQuantile());
  }
}
