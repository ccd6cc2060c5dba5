package org.rolescope.orchestrator.report;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.rolescope.v1.CandidateCause;
import org.rolescope.v1.CategoryDivergence;
import org.rolescope.v1.CausalReport;
import org.rolescope.v1.CausalVerdict;
import org.rolescope.v1.DirectionScore;
import org.rolescope.v1.HeadSite;
import org.rolescope.v1.PatchResults;
import org.rolescope.v1.PatchingScore;

/** The report on causes: {@code causal_report.md}, and a page of HTML made from it. */
public final class CausesPage {
  private static final String TEMPLATE = "causes.md";

  private final CausalReport report;
  private final ReportTemplates templates = new ReportTemplates();

  /** The page of a report. */
  public CausesPage(CausalReport report) {
    this.report = requireNonNull(report, "report is null");
  }

  /** The report as Markdown. */
  public String markdown() {
    return templates.markdown(TEMPLATE, content());
  }

  /** The report as a page of HTML that needs no other file. */
  public String html() {
    return templates.html(title(), markdown());
  }

  /** A verdict in words. */
  public static String words(CausalVerdict verdict) {
    return switch (verdict) {
      case CAUSAL_VERDICT_CAUSAL -> "causal";
      case CAUSAL_VERDICT_CORRELATE_ONLY -> "correlate only";
      case CAUSAL_VERDICT_UNDECIDED -> "undecided";
      case CAUSAL_VERDICT_UNSPECIFIED, UNRECOGNIZED -> "unknown";
    };
  }

  /** A head as layer.head. */
  public static String name(HeadSite head) {
    return head.getLayer() + "." + head.getHead();
  }

  private String title() {
    return "Rolescope causes: " + sweep().getPlan().getFamily();
  }

  private Map<String, Object> content() {
    Map<String, Object> content = new HashMap<>();
    content.put("title", title());
    content.put("verdict", report.getVerdict());
    content.put("rule", report.getRule());
    content.put("source", sweep().getSourceModel().getName());
    content.put("target", sweep().getTargetModel().getName());
    content.put("pairs", sweep().getPlan().getPairsCount());
    content.put("resamples", sweep().getScores().getOptions().getBootstrapResamples());
    content.put("candidates", candidates());
    content.put("ablations", ablations());
    content.put("carriers", scores(report.getCarriersList()));
    content.put("hasCarriers", report.getCarriersCount() > 0);
    content.put("nulls", nulls());
    return content;
  }

  private PatchResults sweep() {
    return report.getSweep();
  }

  private ReportTable candidates() {
    ReportTable.Builder<CandidateCause> table =
        ReportTable.of(report.getCandidatesList())
            .number("Rank", cause -> "" + cause.getCandidate().getRank())
            .number("Head", cause -> name(cause.getPatching().getHeads(0)))
            .number("DiD", cause -> Figures.signed(cause.getCandidate().getDidMedian()))
            .number("q of DiD", cause -> Figures.plain(cause.getCandidate().getQValue()));
    return directions(table, CandidateCause::getPatching)
        .text("Verdict", cause -> words(cause.getPatching().getVerdict()))
        .build();
  }

  /** What zeroing a candidate does to the next token, by category. */
  private ReportTable ablations() {
    ReportTable.Builder<CandidateCause> table =
        ReportTable.of(report.getCandidatesList())
            .number("Head", cause -> name(cause.getPatching().getHeads(0)));
    List<CategoryDivergence> first =
        report.getCandidatesCount() == 0
            ? List.of()
            : report.getCandidates(0).getAblation().getDivergencesList();
    for (int index = 0; index < first.size(); index++) {
      int category = index;
      table.number(
          first.get(index).getCategory(),
          cause -> Figures.plain(cause.getAblation().getDivergences(category).getMeanKlNats()));
    }
    return table.build();
  }

  private static ReportTable scores(List<PatchingScore> scores) {
    return directions(
            ReportTable.of(scores).number("Head", score -> name(score.getHeads(0))),
            Function.identity())
        .build();
  }

  private static <R> ReportTable.Builder<R> directions(
      ReportTable.Builder<R> table, Function<R, PatchingScore> score) {
    return table
        .number(
            "Denoising", row -> Figures.withInterval(score.apply(row).getDenoising().getRecovery()))
        .number(
            "Noising", row -> Figures.withInterval(score.apply(row).getNoising().getRecovery()));
  }

  /** A single head, and as many as there are candidates, at random. */
  private ReportTable nulls() {
    List<PatchingScore> compared = new ArrayList<>();
    report.getCandidatesList().stream()
        .limit(1)
        .map(CandidateCause::getPatching)
        .forEach(compared::add);
    compared.add(report.getTogether());
    return ReportTable.of(compared)
        .number("Heads in a set", score -> "" + score.getHeadsCount())
        .number("Random sets", score -> "" + score.getDenoising().getNullCount())
        .number("Denoising, 95%", score -> level(score.getDenoising()))
        .number("Noising, 95%", score -> level(score.getNoising()))
        .build();
  }

  private static String level(DirectionScore score) {
    return Figures.plain(score.getNullQuantile());
  }
}
