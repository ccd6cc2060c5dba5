package org.rolescope.orchestrator.causes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.rolescope.orchestrator.plan.InterventionPlan;
import org.rolescope.orchestrator.plan.ModelSlot;
import org.rolescope.orchestrator.report.CausesPage;
import org.rolescope.orchestrator.runstore.StoredRun;
import org.rolescope.orchestrator.stepwise.StepListener;
import org.rolescope.orchestrator.testing.FakeModel;
import org.rolescope.orchestrator.testing.Plans;
import org.rolescope.v1.Candidate;
import org.rolescope.v1.CategoryDivergence;
import org.rolescope.v1.CausalReport;
import org.rolescope.v1.CausalVerdict;
import org.rolescope.v1.DirectionScore;
import org.rolescope.v1.Estimate;
import org.rolescope.v1.HeadSite;
import org.rolescope.v1.Interval;
import org.rolescope.v1.InterventionEffect;
import org.rolescope.v1.InterventionResults;
import org.rolescope.v1.Model;
import org.rolescope.v1.NullRecovery;
import org.rolescope.v1.PatchMeasure;
import org.rolescope.v1.PatchPlan;
import org.rolescope.v1.PatchResults;
import org.rolescope.v1.PatchedHeads;
import org.rolescope.v1.PatchingEndpoints;
import org.rolescope.v1.PatchingOptions;
import org.rolescope.v1.PatchingScore;
import org.rolescope.v1.PromptPair;
import org.rolescope.v1.ScorePatchingRequest;
import org.rolescope.v1.ScorePatchingResponse;
import org.rolescope.v1.StepProgress;

/** What is asked of ablations, patches and scores, and what becomes of the answers. */
final class CausesReportTest {
  private static final int LAYERS = 2;
  private static final int HEADS = 2;
  private static final List<Candidate> CANDIDATES = List.of(candidate(1, 0, 1), candidate(0, 1, 2));

  private final List<InterventionPlan> ablated = new ArrayList<>();
  private final List<PatchPlan> patched = new ArrayList<>();
  private final List<ScorePatchingRequest> scored = new ArrayList<>();
  private final List<String> steps = new ArrayList<>();

  @Test
  void candidatesAreHeldAgainstTheOtherHeadsAndRandomSetsOfThem() {
    CausalReport report = report(List.of());
    ScorePatchingRequest request = scored.getFirst();
    assertEquals(
        List.of(heads(1, 0), heads(0, 1), heads(1, 0, 0, 1)),
        request.getCandidatesList().stream().map(PatchedHeads::getHeadsList).toList());
    assertEquals(
        List.of(heads(0, 0), heads(1, 1), heads(0, 0, 1, 1)),
        request.getRandomHeadsList().stream().map(PatchedHeads::getHeadsList).toList());
    assertEquals(List.of(1.5), request.getDenoising().getSourceList());
    assertEquals(
        List.of("causal", "undecided"),
        report.getCandidatesList().stream()
            .map(cause -> CausesPage.words(cause.getPatching().getVerdict()))
            .toList());
    assertEquals(heads(1, 0, 0, 1), report.getTogether().getHeadsList());
    assertEquals(
        "sh_1_0_zero_out", report.getCandidates(0).getAblation().getIntervention().getName());
  }

  @Test
  void theNullIsThatOfHeadsThatAreNoCandidates() {
    CausalReport report = report(List.of());
    NullRecovery single = report.getNullRecoveries(0);
    assertEquals(1, single.getSetSize());
    assertEquals(List.of(0.0, 0.375), single.getDenoisingList());
    assertEquals(2, report.getNullRecoveries(1).getSetSize());
  }

  @Test
  void withoutPairsModelsArePatchedWithEachOtherOnSelfPrompts() {
    report(List.of());
    PatchPlan sweep = patched.getFirst();
    assertEquals("tiny-instruct", sweep.getSourceModel());
    assertEquals("tiny-base", sweep.getTargetModel());
    assertEquals(PatchMeasure.PATCH_MEASURE_DIVERGENCE, sweep.getMeasure());
    assertEquals(
        List.of("What are you?", "Can you think?"),
        sweep.getPairsList().stream().map(PromptPair::getSource).toList());
    assertEquals(0, sweep.getCandidatesCount());
    PatchPlan together = patched.getLast();
    assertEquals(heads(1, 0, 0, 1), together.getCandidates(0).getSitesList());
    assertEquals(7, together.getRandomSets());
    InterventionPlan ablation = ablated.getFirst();
    assertEquals("tiny-instruct", ablation.model());
    assertEquals(4, ablation.promptSet().categories().size());
    assertTrue(ablation.interventions().get(1).getAblations(0).hasHead());
  }

  @Test
  void withPairsPromptsOfTheInstructModelArePatchedWithEachOther() {
    PromptPair pair =
        PromptPair.newBuilder().setSource("Who are you?").setTarget("Who is he?").build();
    report(List.of(pair));
    for (PatchPlan plan : patched) {
      assertEquals("tiny-instruct", plan.getSourceModel());
      assertEquals("tiny-instruct", plan.getTargetModel());
      assertEquals(List.of(pair), plan.getPairsList());
    }
  }

  @Test
  void progressNamesThePart() {
    report(List.of());
    assertEquals(List.of("", "", "sweep: one", "", "all candidates at once: one"), steps);
  }

  @Test
  void thePageHoldsEveryPart() {
    CausesPage page = new CausesPage(report(List.of()));
    String text = page.markdown();
    for (String part :
        List.of(
            "# Rolescope causes: tiny",
            "| 1 | 1.0 | +0.1000 |",
            "| causal |",
            "## The null",
            "## Heads that carry the answer",
            "| neutral |",
            "into tiny-base")) {
      assertTrue(text.contains(part), part + " is not in " + text);
    }
    assertFalse(text.contains("NaN"), text);
    assertTrue(page.html().contains("<table>"));
  }

  private CausalReport report(List<PromptPair> pairs) {
    TreeMap<ModelSlot, Model> models = new TreeMap<>();
    models.put(ModelSlot.BASE, new FakeModel("tiny-base", "aa", LAYERS, HEADS).message());
    models.put(ModelSlot.RUN, new FakeModel("tiny-instruct", "bb", LAYERS, HEADS).message());
    StoredRun run = new StoredRun(Plans.comparing(), models);
    PatchingOptions options = PatchingOptions.newBuilder().setSeed(3).build();
    return new CausesReport(
            new CausesQuestion(run, CANDIDATES, pairs, options, 7),
            this::ablate,
            this::patch,
            this::score)
        .make(false, progress -> steps.add(progress.getStep()))
        .build();
  }

  private InterventionResults ablate(InterventionPlan plan, boolean fresh, StepListener told) {
    ablated.add(plan);
    told.progress(StepProgress.getDefaultInstance());
    InterventionResults.Builder results = InterventionResults.newBuilder();
    plan.interventions()
        .forEach(
            intervention ->
                results.addEffects(
                    InterventionEffect.newBuilder()
                        .setIntervention(intervention)
                        .addDivergences(
                            CategoryDivergence.newBuilder()
                                .setCategory("neutral")
                                .setMeanKlNats(0.25))));
    return results.build();
  }

  private PatchResults patch(PatchPlan plan, boolean fresh, StepListener told) {
    patched.add(plan);
    told.progress(StepProgress.getDefaultInstance());
    told.progress(StepProgress.newBuilder().setStep("one").build());
    PatchResults.Builder results =
        PatchResults.newBuilder()
            .setPlan(plan)
            .setSourceModel(new FakeModel(plan.getSourceModel(), "bb", LAYERS, HEADS).message())
            .setTargetModel(new FakeModel(plan.getTargetModel(), "aa", LAYERS, HEADS).message())
            .setDenoising(PatchingEndpoints.newBuilder().addSource(1.5).addTarget(-1))
            .setNoising(PatchingEndpoints.newBuilder().addSource(-1).addTarget(1.5));
    if (plan.getCandidatesCount() > 0) {
      return results
          .addMeasured(PatchedHeads.newBuilder().addAllHeads(plan.getCandidates(0).getSitesList()))
          .addMeasuredRandomSets(PatchedHeads.newBuilder().addAllHeads(heads(0, 0, 1, 1)))
          .addNullRecoveries(NullRecovery.newBuilder().setSetSize(2).addDenoising(0.2))
          .build();
    }
    ScorePatchingResponse.Builder scores =
        ScorePatchingResponse.newBuilder()
            .setOptions(PatchingOptions.newBuilder().setEquivalenceBound(0.05));
    IntStream.range(0, LAYERS * HEADS)
        .forEach(
            index -> {
              List<HeadSite> head = heads(index / HEADS, index % HEADS);
              results.addMeasured(PatchedHeads.newBuilder().addAllHeads(head));
              scores.addScores(score(head, 0.125 * index, CausalVerdict.CAUSAL_VERDICT_UNDECIDED));
            });
    return results.setScores(scores).build();
  }

  private ScorePatchingResponse score(ScorePatchingRequest request) {
    scored.add(request);
    ScorePatchingResponse.Builder response = ScorePatchingResponse.newBuilder();
    for (int index = 0; index < request.getCandidatesCount(); index++) {
      response.addScores(
          score(
              request.getCandidates(index).getHeadsList(),
              0.5,
              index == 0
                  ? CausalVerdict.CAUSAL_VERDICT_CAUSAL
                  : CausalVerdict.CAUSAL_VERDICT_UNDECIDED));
    }
    return response.build();
  }

  private static PatchingScore score(List<HeadSite> heads, double recovery, CausalVerdict verdict) {
    DirectionScore direction =
        DirectionScore.newBuilder()
            .setRecovery(
                Estimate.newBuilder()
                    .setValue(recovery)
                    .setConfidence(
                        Interval.newBuilder().setLow(recovery - 0.01).setHigh(recovery + 0.01)))
            .setNullQuantile(Double.NaN)
            .build();
    return PatchingScore.newBuilder()
        .addAllHeads(heads)
        .setDenoising(direction)
        .setNoising(direction)
        .setVerdict(verdict)
        .build();
  }

  private static Candidate candidate(int layer, int head, int rank) {
    return Candidate.newBuilder()
        .setLayer(layer)
        .setHead(head)
        .setRank(rank)
        .setDidMedian(0.1)
        .build();
  }

  /** Heads from layer, head, layer, head and so on. */
  private static List<HeadSite> heads(int... numbers) {
    return IntStream.range(0, numbers.length / 2)
        .mapToObj(
            index ->
                HeadSite.newBuilder()
                    .setLayer(numbers[2 * index])
                    .setHead(numbers[2 * index + 1])
                    .build())
        .toList();
  }
}
