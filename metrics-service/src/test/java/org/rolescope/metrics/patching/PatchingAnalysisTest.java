package org.rolescope.metrics.patching;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.rolescope.fault.FaultCode;
import org.rolescope.fault.RolescopeException;
import org.rolescope.metrics.stats.Interval;
import org.rolescope.metrics.testing.SeededRandom;

/** Verdicts, undefined numbers and refusals. */
final class PatchingAnalysisTest {
  private static final int PROMPTS = 8;
  private static final PatchingEndpoints DENOISING =
      new PatchingEndpoints(measures(prompt -> 2 + prompt), measures(prompt -> -1));
  private static final PatchingEndpoints NOISING =
      new PatchingEndpoints(DENOISING.target(), DENOISING.source());
  private static final PatchingOptions OPTIONS = new PatchingOptions(200, 7, 0.05, 0.05);

  @Test
  void effectsInBothDirectionsThatRandomHeadsDoNotHaveAreCausal() {
    for (double effect : new double[] {0.5, -0.5}) {
      PatchingScore score = score(patch(0, effect, effect), random(40));
      assertEquals(CausalVerdict.CAUSAL, score.verdict());
      assertEquals(effect, score.denoising().recovery().value(), 0.02);
      assertEquals(1 / 41.0, score.denoising().chance().rankPValue());
      assertEquals(1 / 41.0, score.noising().orElseThrow().chance().rankQValue());
      assertEquals(1 / 201.0, score.denoising().chance().excessPValue());
      assertEquals(0.038, score.denoising().chance().quantile(), 0.002);
      assertTrue(score.explanation().startsWith("layer 0 head 0: causal; denoising "));
    }
  }

  @Test
  void effectsWithinTheBoundInBothDirectionsAreCorrelateOnly() {
    PatchingScore score = score(patch(0, 0.003, 0), random(40));
    assertEquals(CausalVerdict.CORRELATE_ONLY, score.verdict());
    assertTrue(score.explanation().endsWith("both intervals lie within 0.05 of 0."));
    assertEquals(CausalVerdict.CORRELATE_ONLY, score(patch(0, 0, 0), List.of()).verdict());
  }

  @Test
  void everythingElseIsUndecided() {
    assertUndecided("neither do both effects", score(patch(0, 0.5, 0), random(40)));
    assertUndecided("neither do both effects", score(patch(0, 0.5, -0.5), random(40)));
    List<PatchedHeads> strong = IntStream.range(1, 41).mapToObj(i -> patch(i, 0.9, 0.9)).toList();
    assertUndecided("neither do both effects", score(patch(0, 0.5, 0.5), strong));
    assertUndecided("19 random sets have no 95th percentile", score(patch(0, 1, 1), random(19)));
    assertEquals(CausalVerdict.CAUSAL, score(patch(0, 1, 1), random(20)).verdict());
    assertUndecided("0 random sets", score(patch(0, 1, 1), List.of()));
    PatchedHeads once = new PatchedHeads(patch(0, 1, 1).heads(), DENOISING.source(), List.of());
    assertUndecided(
        "the noising direction was not run",
        new PatchingAnalysis(OPTIONS, DENOISING, Optional.empty())
            .score(List.of(once), List.of())
            .getFirst());
  }

  @Test
  void patchingWithTheSourceRecoversAllAndWithTheTargetNothing() {
    Random random = SeededRandom.create();
    for (int trial = 0; trial < 50; trial++) {
      PatchingEndpoints runs =
          new PatchingEndpoints(
              measures(prompt -> random.nextGaussian()), measures(prompt -> random.nextGaussian()));
      PatchedHeads all = new PatchedHeads(heads(0, 1), runs.source(), List.of());
      PatchedHeads none = new PatchedHeads(heads(1, 1), runs.target(), List.of());
      List<PatchingScore> scores =
          new PatchingAnalysis(OPTIONS, runs, Optional.empty())
              .score(List.of(all, none), List.of());
      assertEquals(1, scores.get(0).denoising().recovery().value(), 1e-12);
      assertEquals(1, scores.get(0).denoising().recovery().confidence().low(), 1e-12);
      assertEquals(0, scores.get(1).denoising().recovery().value());
      assertEquals(new Interval(0, 0), scores.get(1).denoising().recovery().confidence());
    }
  }

  @Test
  void promptsThatPreferOppositeAnswersDoNotCancel() {
    PatchingEndpoints runs = new PatchingEndpoints(List.of(1.0, -1.0), List.of(-1.0, 1.0));
    assertEquals(0.5, runs.over(List.of(0.0, 0.0), runs.definedPrompts()));
    assertEquals(1, runs.over(runs.source(), runs.definedPrompts()));
  }

  @Test
  void onePromptHasNoIntervalAndRunsAlikeHaveNoRecovery() {
    PatchingEndpoints one = new PatchingEndpoints(List.of(1.0, 3.0), List.of(0.0, 3.0));
    PatchingScore single = both(one, List.of(0.5, 7.0));
    assertEquals(0.5, single.denoising().recovery().value());
    assertEquals(Interval.UNDEFINED, single.denoising().recovery().confidence());
    assertTrue(single.denoising().byPrompt().get(1).isNaN());
    assertUndecided("1 prompts have a recovery", single);
    PatchingScore none = both(new PatchingEndpoints(one.target(), one.target()), List.of(9.0, 9.0));
    assertTrue(Double.isNaN(none.denoising().recovery().value()));
    assertTrue(Double.isNaN(none.denoising().chance().rankPValue()));
    assertTrue(Double.isNaN(none.denoising().chance().excessQValue()));
    assertEquals(0, none.denoising().definedCount());
    assertUndecided("0 prompts have a recovery", none);
  }

  @Test
  void candidatesAreComparedWithSetsOfTheirOwnSize() {
    List<PatchedHeads> sets =
        List.of(patch(1, 0.9, 0.9), new PatchedHeads(heads(2, 2), denoised(0), noised(0)));
    PatchingScore one = score(patch(0, 0.5, 0.5), sets);
    PatchingScore two = score(new PatchedHeads(heads(0, 2), denoised(0.5), noised(0.5)), sets);
    assertEquals(1, one.denoising().chance().count());
    assertEquals(1, one.denoising().chance().rankPValue());
    assertEquals(0.5, two.denoising().chance().rankPValue());
  }

  @Test
  void equalSeedsGiveEqualScores() {
    List<PatchedHeads> candidates = List.of(patch(0, 0.4, 0.2), patch(1, 0.1, 0.3));
    PatchingAnalysis analysis =
        new PatchingAnalysis(OPTIONS, PatchingGolden.runs(), Optional.of(PatchingGolden.runs()));
    assertEquals(
        analysis.score(PatchingGolden.candidates(), PatchingGolden.randomHeads()),
        analysis.score(PatchingGolden.candidates(), PatchingGolden.randomHeads()));
    assertEquals(analysis(candidates), analysis(candidates));
  }

  @Test
  void whatCannotBeScoredIsRefused() {
    assertRefused("there are no candidates", () -> analysis(List.of()));
    assertRefused(
        "the denoising patch of layer 0 head 0 has 1 prompts but the runs have 8",
        () -> analysis(List.of(new PatchedHeads(heads(0, 1), List.of(1.0), noised(0)))));
    assertRefused(
        "the noising patch of layer 0 head 0 has 0 prompts but the runs have 8",
        () -> analysis(List.of(new PatchedHeads(heads(0, 1), denoised(0), List.of()))));
    assertRefused(
        "the noising patch of layer 0 head 0 has NaN at prompt 0",
        () -> new PatchedHeads(heads(0, 1), denoised(0), List.of(Double.NaN)));
    assertRefused(
        "a patch names no heads", () -> new PatchedHeads(List.of(), List.of(), List.of()));
    assertRefused(
        "a patch names a head twice (layer 1 head 2, layer 1 head 2)",
        () -> new PatchedHeads(Collections.nCopies(2, new HeadSite(1, 2)), List.of(), List.of()));
    assertRefused("head 1 of layer 4294967295", () -> new HeadSite(-1, 1));
    assertRefused(
        "2 prompts of the source run and 1 of the target run",
        () -> new PatchingEndpoints(List.of(1.0, 2.0), List.of(1.0)));
    assertRefused("there are 0 prompts", () -> new PatchingEndpoints(List.of(), List.of()));
    assertRefused(
        "the target run has -Infinity at prompt 0",
        () -> new PatchingEndpoints(List.of(1.0), List.of(Double.NEGATIVE_INFINITY)));
    assertRefused("bootstrap resamples", () -> new PatchingOptions(0, 1, 0.05, 0.05));
    assertRefused("significance_level is 1.0", () -> new PatchingOptions(1, 1, 1, 0.05));
    assertRefused("equivalence_bound is NaN", () -> new PatchingOptions(1, 1, 0.1, Double.NaN));
    List<PatchedHeads> many = Collections.nCopies(1000, patch(0, 0, 0));
    assertRefused(
        "are 16000000000 draws; ask for at most 2000000000",
        () ->
            new PatchingAnalysis(
                    new PatchingOptions(1_000_000, 1, 0.05, 0.05), DENOISING, Optional.of(NOISING))
                .score(many, List.of()));
  }

  private static PatchingScore both(PatchingEndpoints runs, List<Double> patched) {
    return new PatchingAnalysis(OPTIONS, runs, Optional.of(runs))
        .score(
            List.of(new PatchedHeads(heads(0, 1), patched, patched)),
            List.of(new PatchedHeads(heads(1, 1), patched, patched)))
        .getFirst();
  }

  private static List<PatchingScore> analysis(List<PatchedHeads> candidates) {
    return new PatchingAnalysis(OPTIONS, DENOISING, Optional.of(NOISING))
        .score(candidates, random(3));
  }

  private static PatchingScore score(PatchedHeads candidate, List<PatchedHeads> random) {
    return new PatchingAnalysis(OPTIONS, DENOISING, Optional.of(NOISING))
        .score(List.of(candidate), random)
        .getFirst();
  }

  private static void assertUndecided(String reason, PatchingScore score) {
    assertEquals(CausalVerdict.UNDECIDED, score.verdict());
    assertTrue(score.explanation().contains(reason), score.explanation());
  }

  private static void assertRefused(String sentence, Runnable step) {
    RolescopeException refused = assertThrows(RolescopeException.class, step::run);
    assertEquals(FaultCode.INVALID_ARGUMENT, refused.code());
    assertTrue(refused.getMessage().contains(sentence), refused.getMessage());
  }

  /** Heads that each bring back next to nothing. */
  private static List<PatchedHeads> random(int count) {
    return IntStream.rangeClosed(1, count)
        .mapToObj(layer -> patch(layer, 0.001 * layer, -0.001 * layer))
        .toList();
  }

  private static PatchedHeads patch(int layer, double denoised, double noised) {
    return new PatchedHeads(heads(layer, 1), denoised(denoised), noised(noised));
  }

  private static List<HeadSite> heads(int layer, int count) {
    return IntStream.range(0, count).mapToObj(head -> new HeadSite(layer, head)).toList();
  }

  private static List<Double> denoised(double effect) {
    return moved(DENOISING, effect);
  }

  private static List<Double> noised(double effect) {
    return moved(NOISING, effect);
  }

  /** Prompts differ a little in what is brought back. */
  private static List<Double> moved(PatchingEndpoints runs, double effect) {
    return IntStream.range(0, PROMPTS)
        .mapToObj(
            prompt -> {
              double target = runs.target().get(prompt);
              double share = effect + 0.005 * (prompt % 3 - 1);
              return target + share * (runs.source().get(prompt) - target);
            })
        .toList();
  }

  private static List<Double> measures(DoubleUnaryOperator measure) {
    return Stream.iterate(0, prompt -> prompt + 1)
        .limit(PROMPTS)
        .map(prompt -> measure.applyAsDouble(prompt))
        .toList();
  }
}
