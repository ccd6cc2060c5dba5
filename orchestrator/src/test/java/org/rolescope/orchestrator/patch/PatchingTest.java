package org.rolescope.orchestrator.patch;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rolescope.orchestrator.testing.Bench;
import org.rolescope.orchestrator.testing.FakeActivations;
import org.rolescope.orchestrator.testing.FakeModel;
import org.rolescope.v1.HeadSite;
import org.rolescope.v1.Intervention;
import org.rolescope.v1.NullRecovery;
import org.rolescope.v1.PatchMeasure;
import org.rolescope.v1.PatchPlan;
import org.rolescope.v1.PatchResults;
import org.rolescope.v1.PatchSite;
import org.rolescope.v1.PatchedSet;
import org.rolescope.v1.PatchingEndpoints;
import org.rolescope.v1.PatchingScore;
import org.rolescope.v1.StepProgress;
import org.rolescope.v1.SweepRequest;
import org.rolescope.v1.TokenizedPrompt;
import org.rolescope.v1.Variant;

/** On fake models that only add, where every recovery has a closed form. */
final class PatchingTest {
  /** Logits are rounded to float32. */
  private static final Offset<Double> ROUNDING = Offset.offset(1e-5);

  private static final int HEADS = 2;

  @TempDir private Path root;
  private Bench bench;

  @BeforeEach
  void open() {
    bench = new Bench(root);
  }

  @AfterEach
  void close() {
    bench.close();
  }

  @Test
  void sweepsEveryHeadInBothDirections() {
    PatchPlan plan = PatchedPairs.answered().build();
    PatchResults results = patch(plan);
    assertThat(results.getScores().getScoresList()).hasSize(Bench.LAYERS * HEADS);
    for (PatchingScore score : results.getScores().getScoresList()) {
      double expected = recovery(plan, List.of(score.getHeads(0)), FakeActivations::head);
      // What a head adds is taken away again in the other direction.
      assertThat(score.getDenoising().getRecovery().getValue()).isCloseTo(expected, ROUNDING);
      assertThat(score.getNoising().getRecovery().getValue()).isCloseTo(expected, ROUNDING);
      assertThat(score.getDenoising().getPValue()).isNaN();
      assertThat(score.getDenoising().getDefinedCount()).isEqualTo(3);
    }
    assertThat(results.getNullRecoveriesList()).isEmpty();
    assertThat(results.getPlan().getMeasure())
        .isEqualTo(PatchMeasure.PATCH_MEASURE_LOGIT_DIFFERENCE);
    assertThat(results.getPlan().getSite()).isEqualTo(PatchSite.PATCH_SITE_Z);
    assertThat(results.getPlan().getTargetModel()).isEqualTo("tiny-base");
    // Two runs as they are and 2 heads of each layer from there on, in each direction.
    assertThat(results.getForwardPasses()).isEqualTo(2 * (2 + HEADS * (3 + 2 + 1) / 3.0));
  }

  @Test
  void onlyWhatAPatternDecidesIsPatchedWithIt() {
    PatchPlan plan = PatchedPairs.answered().setSite(PatchSite.PATCH_SITE_PATTERN).build();
    for (PatchingScore score : patch(plan).getScores().getScoresList()) {
      assertThat(score.getDenoising().getRecovery().getValue())
          .isCloseTo(
              recovery(plan, List.of(score.getHeads(0)), FakeActivations::pattern), ROUNDING);
    }
  }

  @Test
  void layersArePatchedWhole() {
    PatchPlan plan = PatchedPairs.answered().setSite(PatchSite.PATCH_SITE_MLP_OUT).build();
    List<PatchingScore> scores = patch(plan).getScores().getScoresList();
    assertThat(scores.stream().map(score -> score.getHeads(0).getLayer())).containsExactly(0, 1, 2);
    for (PatchingScore score : scores) {
      assertThat(score.getDenoising().getRecovery().getValue())
          .isCloseTo(
              recovery(plan, List.of(score.getHeads(0)), (run, site) -> run.mlp(site.getLayer())),
              ROUNDING);
    }
  }

  @Test
  void theLastResidualStreamRecoversEverything() {
    for (PatchMeasure measure :
        List.of(
            PatchMeasure.PATCH_MEASURE_LOGIT_DIFFERENCE, PatchMeasure.PATCH_MEASURE_DIVERGENCE)) {
      PatchPlan plan =
          PatchedPairs.answered()
              .setSite(PatchSite.PATCH_SITE_RESID_POST)
              .setMeasure(measure)
              .build();
      PatchingScore last = patch(plan).getScores().getScoresList().getLast();
      assertThat(last.getHeads(0).getLayer()).isEqualTo(Bench.LAYERS - 1);
      assertThat(last.getDenoising().getRecovery().getValue()).isEqualTo(1);
      assertThat(last.getNoising().getRecovery().getValue()).isEqualTo(1);
      assertThat(last.getDenoising().getRecoveryByPromptList()).containsExactly(1.0, 1.0, 1.0);
    }
  }

  @Test
  void aRunPatchedWithItselfRecoversNothingThatCouldBeNamed() throws IOException {
    PatchPlan plan = PatchedPairs.acrossModels().clearTargetModel().build();
    PatchResults results = patch(plan);
    for (PatchingScore score : results.getScores().getScoresList()) {
      assertThat(score.getDenoising().getRecovery().getValue()).isNaN();
      assertThat(score.getNoising().getRecoveryByPromptList()).containsOnly(Double.NaN);
      assertThat(score.getDenoising().getDefinedCount()).isZero();
    }
    assertThat(Files.readAllLines(Path.of(results.getFolder(), "patching_scores.csv")).get(1))
        .isEqualTo("0.0,1,0,0,,,,,,0,0,,,,,,0,0,undecided");
  }

  @Test
  void theDivergenceIsMeasuredFromTheRunPatchedFrom() {
    PatchResults results = patch(PatchedPairs.acrossModels().build());
    assertThat(results.getPlan().getMeasure()).isEqualTo(PatchMeasure.PATCH_MEASURE_DIVERGENCE);
    for (PatchingEndpoints runs : List.of(results.getDenoising(), results.getNoising())) {
      assertThat(runs.getSourceList()).containsExactly(0.0, 0.0, 0.0);
      assertThat(runs.getTargetList()).allMatch(m -> m < -0.1);
    }
    assertThat(results.getDenoising().getTargetList())
        .isNotEqualTo(results.getNoising().getTargetList());
    List<SweepRequest> sweeps = bench.inference().sweeps();
    assertThat(sweeps.stream().map(SweepRequest::getModel))
        .containsExactly("tiny-instruct", "tiny-base");
    assertThat(sweeps.stream().map(sweep -> sweep.getSource().getModel()))
        .containsExactly("tiny-base", "tiny-instruct");
  }

  @Test
  void candidatesAreComparedWithHeadsThatAreNone() throws IOException {
    PatchPlan plan =
        PatchedPairs.answered()
            .addCandidates(PatchedPairs.set(2, 1))
            .addCandidates(PatchedPairs.set(1, 1, 0, 0))
            .build();
    PatchResults results = patch(plan);
    List<PatchingScore> scores = results.getScores().getScoresList();
    assertThat(scores).hasSize(2);
    assertThat(scores.get(1).getHeadsList().stream().map(HeadSite::getLayer)).containsExactly(0, 1);
    for (PatchingScore score : scores) {
      assertThat(score.getDenoising().getRecovery().getValue())
          .isCloseTo(recovery(plan, score.getHeadsList(), FakeActivations::head), ROUNDING);
    }
    // Of six heads three are in candidates: three sets of one, and three of two.
    assertThat(results.getNullRecoveriesList().stream().map(NullRecovery::getSetSize))
        .containsExactly(1, 2);
    assertThat(results.getNullRecoveriesList())
        .allMatch(random -> random.getDenoisingCount() == 3 && random.getNoisingCount() == 3);
    List<Double> ofOne = new ArrayList<>();
    for (PatchedSet other :
        List.of(PatchedPairs.set(0, 1), PatchedPairs.set(1, 0), PatchedPairs.set(2, 0))) {
      ofOne.add(recovery(plan, other.getSitesList(), FakeActivations::head));
    }
    for (int index = 0; index < ofOne.size(); index++) {
      assertThat(results.getNullRecoveries(0).getDenoising(index))
          .isCloseTo(ofOne.get(index), ROUNDING);
    }
    double own = scores.getFirst().getDenoising().getRecovery().getValue();
    long larger = ofOne.stream().filter(other -> Math.abs(other) >= Math.abs(own)).count();
    assertThat(scores.getFirst().getDenoising().getPValue()).isEqualTo((1.0 + larger) / 4);
    assertThat(Files.readAllLines(Path.of(results.getFolder(), "null_recoveries.csv")))
        .hasSize(1 + 6)
        .startsWith("head_count,heads,denoising_recovery,noising_recovery")
        .anyMatch(line -> line.startsWith("2,0.1+1.0,"));
  }

  @Test
  void fewSetsAreOneSweepADirectionInOrderOfLayer() {
    patch(
        PatchedPairs.answered()
            .addCandidates(PatchedPairs.set(2, 1))
            .addCandidates(PatchedPairs.set(0, 0, 2, 0))
            .build());
    assertThat(bench.inference().sweeps()).hasSize(2);
    List<Integer> first =
        bench.inference().sweeps().getFirst().getVariantsList().stream()
            .map(Variant::getInterventionsList)
            .map(all -> all.stream().mapToInt(Intervention::getLayer).min().orElseThrow())
            .toList();
    assertThat(first).isSorted().hasSize(2 + 3 + 3);
  }

  @Test
  void oneWayIsUndecided() {
    PatchResults results = patch(PatchedPairs.answered().setSkipNoising(true).build());
    assertThat(results.hasNoising()).isFalse();
    assertThat(results.getScores().getScoresList()).noneMatch(PatchingScore::hasNoising);
    assertThat(bench.inference().sweeps()).hasSize(1);
  }

  @Test
  void whatIsCompleteIsReadAgain() throws IOException {
    PatchPlan plan = PatchedPairs.answered().build();
    PatchResults first = patch(plan);
    int sweeps = bench.inference().sweeps().size();
    List<StepProgress> told = new ArrayList<>();
    // Spelling a default out asks for nothing else.
    PatchResults again =
        bench
            .patching()
            .run(
                plan.toBuilder()
                    .setSite(PatchSite.PATCH_SITE_Z)
                    .setTargetModel("tiny-base")
                    .build(),
                false,
                told::add);
    assertThat(again).isEqualTo(first.toBuilder().setForwardPasses(0).build());
    assertThat(bench.inference().sweeps()).hasSize(sweeps);
    assertThat(told).isEmpty();
    assertThat(bench.patching().run(plan, true, told::add)).isEqualTo(first);
    assertThat(told.getFirst().getStepsDone()).isZero();
    assertThat(told.getLast().getStepsDone()).isEqualTo(told.getLast().getStepsTotal());
  }

  @Test
  void filesNameNoPlaceAndSayWhatLedToThem() throws IOException {
    PatchResults results = patch(PatchedPairs.acrossModels().build());
    Path folder = Path.of(results.getFolder());
    assertThat(folder).isEqualTo(root.resolve("patching").resolve(results.getId()));
    assertThat(results.getArtifactsList())
        .containsExactly(
            "patching_config.json",
            "patching_scores.csv",
            "patching_scores.json",
            "patching_scores.parquet")
        .allMatch(name -> Files.exists(folder.resolve(name)));
    assertThat(Files.readString(folder.resolve("patching_config.json")))
        .contains("b".repeat(64), "c".repeat(64), "fake 1.0", "PATCH_SITE_Z");
    for (String name : List.of("patching_config.json", "results.json", "plan.json")) {
      assertThat(Files.readString(folder.resolve(name))).doesNotContain(root.toString());
    }
    assertThat(Files.readAllLines(folder.resolve("patching_scores.csv")))
        .hasSize(1 + Bench.LAYERS * HEADS)
        .startsWith(
            "heads,head_count,layer,head,"
                + "denoising_recovery,denoising_ci_low,denoising_ci_high,denoising_p_value,"
                + "denoising_q_value,denoising_n_defined,denoising_n_random_sets,"
                + "noising_recovery,noising_ci_low,noising_ci_high,noising_p_value,"
                + "noising_q_value,noising_n_defined,noising_n_random_sets,verdict");
  }

  private PatchResults patch(PatchPlan plan) {
    return bench.patching().run(plan, false, step -> {});
  }

  /** Recovery of places, each of whose writings adds to the logits. */
  private static double recovery(
      PatchPlan plan,
      List<HeadSite> sites,
      BiFunction<FakeActivations, HeadSite, double[]> written) {
    FakeModel model = new FakeModel("tiny-base", "b".repeat(64), Bench.LAYERS, HEADS);
    double moved = 0;
    double gaps = 0;
    for (var pair : plan.getPairsList()) {
      FakeActivations source = activations(model, pair.getSource());
      FakeActivations target = activations(model, pair.getTarget());
      int first = token(model, pair.getAnswers().getFirst());
      int second = token(model, pair.getAnswers().getSecond());
      double gap =
          (double) source.logits()[first]
              - source.logits()[second]
              - target.logits()[first]
              + target.logits()[second];
      gaps += Math.abs(gap);
      for (HeadSite site : sites) {
        double[] from = written.apply(source, site);
        double[] into = written.apply(target, site);
        moved += Math.signum(gap) * (from[first] - from[second] - into[first] + into[second]);
      }
    }
    return moved / gaps;
  }

  private static double recovery(PatchPlan plan, List<HeadSite> sites, HeadWriting written) {
    return recovery(plan, sites, (run, site) -> written.of(run, site.getLayer(), site.getHead()));
  }

  private static FakeActivations activations(FakeModel model, String prompt) {
    TokenizedPrompt tokens = model.started(List.of(prompt)).getPrompts(0);
    return new FakeActivations(model, tokens.getTokenIdsList());
  }

  private static int token(FakeModel model, String answer) {
    return (int) model.started(List.of(answer)).getPrompts(0).getTokenIds(1);
  }

  @FunctionalInterface
  private interface HeadWriting {
    double[] of(FakeActivations run, int layer, int head);
  }
}
