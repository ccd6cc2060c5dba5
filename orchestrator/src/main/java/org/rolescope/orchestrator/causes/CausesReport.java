package org.rolescope.orchestrator.causes;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.function.ToDoubleFunction;
import org.rolescope.orchestrator.stepwise.StepListener;
import org.rolescope.v1.CandidateCause;
import org.rolescope.v1.CausalReport;
import org.rolescope.v1.HeadSite;
import org.rolescope.v1.InterventionResults;
import org.rolescope.v1.NullRecovery;
import org.rolescope.v1.PatchResults;
import org.rolescope.v1.PatchedHeads;
import org.rolescope.v1.PatchingScore;
import org.rolescope.v1.ScorePatchingRequest;
import org.rolescope.v1.ScorePatchingResponse;

/**
 * Asks whether candidates cause anything: ablates each, patches every head by itself and all
 * candidates at once, and scores candidates against the heads that are none.
 */
final class CausesReport {
  private final CausesQuestion question;
  private final Ablator ablator;
  private final Patcher patcher;
  private final Scorer scorer;

  /** A report on a question, by those who do the work. */
  CausesReport(CausesQuestion question, Ablator ablator, Patcher patcher, Scorer scorer) {
    this.question = requireNonNull(question, "question is null");
    this.ablator = requireNonNull(ablator, "ablator is null");
    this.patcher = requireNonNull(patcher, "patcher is null");
    this.scorer = requireNonNull(scorer, "scorer is null");
  }

  /**
   * Does the work.
   *
   * @param fresh throw away what an earlier call left
   * @param listener told of the steps of each part
   * @return the report, without folder and artifacts
   */
  CausalReport.Builder make(boolean fresh, StepListener listener) {
    InterventionResults ablations =
        ablator.ablate(question.ablations(), fresh, part("ablation", listener));
    PatchResults sweep = patcher.patch(question.sweep(), fresh, part("sweep", listener));
    PatchResults together =
        patcher.patch(question.together(), fresh, part("all candidates at once", listener));
    ScorePatchingResponse scores = scorer.score(request(sweep, together));
    CausalReport.Builder report =
        CausalReport.newBuilder()
            .setTogether(scores.getScores(question.candidates().size()))
            .setSweep(sweep)
            .addAllCarriers(CausesVerdict.carriers(sweep.getScores()))
            .addNullRecoveries(others(sweep))
            .addAllNullRecoveries(together.getNullRecoveriesList())
            .setRule(CausesVerdict.rule(scores.getOptions()));
    for (int index = 0; index < question.candidates().size(); index++) {
      report.addCandidates(
          CandidateCause.newBuilder()
              .setCandidate(question.candidates().get(index))
              .setAblation(ablations.getEffects(index))
              .setPatching(scores.getScores(index)));
    }
    return report.setVerdict(CausesVerdict.of(report));
  }

  /** Candidates and all of them at once, against the other heads and random sets of those. */
  private ScorePatchingRequest request(PatchResults sweep, PatchResults together) {
    ScorePatchingRequest.Builder request =
        ScorePatchingRequest.newBuilder()
            .setOptions(question.options())
            .setDenoising(sweep.getDenoising())
            .setNoising(sweep.getNoising());
    for (HeadSite head : question.heads()) {
      request.addCandidates(measured(sweep, head));
    }
    return request
        .addCandidates(together.getMeasured(0))
        .addAllRandomHeads(
            sweep.getMeasuredList().stream()
                .filter(measured -> !question.heads().contains(measured.getHeads(0)))
                .toList())
        .addAllRandomHeads(together.getMeasuredRandomSetsList())
        .build();
  }

  private static PatchedHeads measured(PatchResults sweep, HeadSite head) {
    return sweep.getMeasuredList().stream()
        .filter(measured -> measured.getHeads(0).equals(head))
        .findFirst()
        .orElseThrow(() -> new IllegalStateException("the sweep left out a head"));
  }

  private NullRecovery others(PatchResults sweep) {
    List<PatchingScore> others =
        sweep.getScores().getScoresList().stream()
            .filter(score -> !question.heads().contains(score.getHeads(0)))
            .toList();
    return NullRecovery.newBuilder()
        .setSetSize(1)
        .addAllDenoising(recoveries(others, score -> score.getDenoising().getRecovery().getValue()))
        .addAllNoising(recoveries(others, score -> score.getNoising().getRecovery().getValue()))
        .build();
  }

  private static List<Double> recoveries(
      List<PatchingScore> scores, ToDoubleFunction<PatchingScore> recovery) {
    return scores.stream().mapToDouble(recovery).boxed().toList();
  }

  /** Tells of the steps of a part by its name; its beginning has none. */
  private static StepListener part(String name, StepListener listener) {
    return progress ->
        listener.progress(
            progress.getStep().isEmpty()
                ? progress
                : progress.toBuilder().setStep(name + ": " + progress.getStep()).build());
  }
}
