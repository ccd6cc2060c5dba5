package org.rolescope.orchestrator.causes;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.rolescope.orchestrator.report.CausesPage;
import org.rolescope.v1.CandidateCause;
import org.rolescope.v1.CausalReport;
import org.rolescope.v1.CausalVerdict;
import org.rolescope.v1.HeadSite;
import org.rolescope.v1.PatchingOptions;
import org.rolescope.v1.PatchingScore;
import org.rolescope.v1.ScorePatchingResponse;

/** Says in a few sentences what a report on causes found. The same numbers give the same words. */
final class CausesVerdict {
  private CausesVerdict() {}

  /** The rule, which is that of {@code CausalVerdict} in the metrics service. */
  static String rule(PatchingOptions options) {
    return String.format(
        Locale.ROOT,
        "causal: in both directions the 95%% interval of the recovery excludes 0, on the same side, and the recovery exceeds"
            + " that of 95%% of random heads (q below %s, Benjamini-Hochberg over the candidates); correlate only: in both"
            + " directions the interval lies within %s of 0; undecided: neither.",
        options.getSignificanceLevel(),
        options.getEquivalenceBound());
  }

  /**
   * Heads of a sweep that carry the answer: in both directions the interval lies above 0 and the
   * recovery is not below the bound of equivalence. By the smaller of both recoveries, largest
   * first; equal ones by layer and head.
   */
  static List<PatchingScore> carriers(ScorePatchingResponse sweep) {
    double bound = sweep.getOptions().getEquivalenceBound();
    return sweep.getScoresList().stream()
        .filter(score -> score.hasNoising() && smaller(score) >= bound && isAboveZero(score))
        .sorted(Comparator.comparingDouble(score -> -smaller(score)))
        .toList();
  }

  /** What was found. */
  static String of(CausalReport.Builder report) {
    List<String> sentences = new ArrayList<>();
    sentences.add(carriers(report));
    sentences.add(
        "Of %d candidates %s."
            .formatted(
                report.getCandidatesCount(),
                List.of(
                        CausalVerdict.CAUSAL_VERDICT_CAUSAL,
                        CausalVerdict.CAUSAL_VERDICT_CORRELATE_ONLY,
                        CausalVerdict.CAUSAL_VERDICT_UNDECIDED)
                    .stream()
                    .map(verdict -> share(report.getCandidatesList(), verdict))
                    .collect(Collectors.joining(", "))));
    sentences.add(together(report));
    return String.join(" ", sentences);
  }

  private static String carriers(CausalReport.Builder report) {
    if (report.getCarriersCount() == 0) {
      return "No single head carries the answer: none has intervals above 0 and a recovery of %s in both directions."
          .formatted(percent(report.getSweep().getScores().getOptions().getEquivalenceBound()));
    }
    List<HeadSite> ranked =
        report.getCandidatesList().stream().map(cause -> cause.getPatching().getHeads(0)).toList();
    Predicate<PatchingScore> isCandidate = score -> ranked.contains(score.getHeads(0));
    return "The answer is carried by %s; candidates among these: %d."
        .formatted(
            report.getCarriersList().stream()
                .map(
                    score ->
                        "head %s (%s in, %s out)"
                            .formatted(
                                CausesPage.name(score.getHeads(0)),
                                percent(score.getDenoising().getRecovery().getValue()),
                                percent(score.getNoising().getRecovery().getValue())))
                .collect(Collectors.joining(", ")),
            report.getCarriersList().stream().filter(isCandidate).count());
  }

  private static String share(List<CandidateCause> candidates, CausalVerdict verdict) {
    List<String> heads =
        candidates.stream()
            .map(CandidateCause::getPatching)
            .filter(score -> score.getVerdict() == verdict)
            .map(score -> CausesPage.name(score.getHeads(0)))
            .toList();
    String count =
        "%d %s %s"
            .formatted(heads.size(), heads.size() == 1 ? "is" : "are", CausesPage.words(verdict));
    return heads.isEmpty() ? count : count + " (" + String.join(", ", heads) + ")";
  }

  private static String together(CausalReport.Builder report) {
    PatchingScore together = report.getTogether();
    return "Patched all at once, they recover %s in and %s out; 95%% of random sets of as many heads stay below %s and %s."
        .formatted(
            percent(together.getDenoising().getRecovery().getValue()),
            percent(together.getNoising().getRecovery().getValue()),
            percent(together.getDenoising().getNullQuantile()),
            percent(together.getNoising().getNullQuantile()));
  }

  private static boolean isAboveZero(PatchingScore score) {
    return score.getDenoising().getRecovery().getConfidence().getLow() > 0
        && score.getNoising().getRecovery().getConfidence().getLow() > 0;
  }

  private static double smaller(PatchingScore score) {
    return Math.min(
        score.getDenoising().getRecovery().getValue(), score.getNoising().getRecovery().getValue());
  }

  private static String percent(double share) {
    return Double.isNaN(share)
        ? "an undefined share"
        : String.format(Locale.ROOT, "%.1f%%", 100 * share);
  }
}
