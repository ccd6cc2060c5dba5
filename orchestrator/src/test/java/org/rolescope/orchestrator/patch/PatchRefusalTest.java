package org.rolescope.orchestrator.patch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rolescope.fault.FaultCode;
import org.rolescope.fault.RolescopeException;
import org.rolescope.orchestrator.testing.Bench;
import org.rolescope.orchestrator.testing.FakeModel;
import org.rolescope.v1.AnswerTexts;
import org.rolescope.v1.Parity;
import org.rolescope.v1.PatchMeasure;
import org.rolescope.v1.PatchPlan;
import org.rolescope.v1.PatchSite;
import org.rolescope.v1.PatchedSet;
import org.rolescope.v1.PatchingOptions;
import org.rolescope.v1.PromptPair;

/** A plan that cannot work is refused in a sentence and leaves nothing behind. */
final class PatchRefusalTest {
  @TempDir private Path root;
  private Bench bench;

  @BeforeEach
  void open() {
    bench = new Bench(root);
  }

  @AfterEach
  void close() {
    bench.close();
    assertThat(root.resolve("patching")).doesNotExist();
  }

  @Test
  void plansThatSayTooLittleOrTooMuch() {
    refused("names no source model", plan().clearSourceModel());
    refused("has no pairs", plan().clearPairs());
    refused("Family name ``", plan().clearFamily());
    refused("Family name `..`", plan().setFamily(".."));
    refused(
        "Pair 2 has no source prompt",
        plan().setPairs(1, plan().getPairs(1).toBuilder().clearSource()));
    refused(
        "bootstrap_resamples is 4294967295",
        plan().setOptions(PatchingOptions.newBuilder().setBootstrapResamples(-1)));
    refused(
        "significance_level is 1.0",
        plan().setOptions(PatchingOptions.newBuilder().setSignificanceLevel(1)));
    refused(
        "equivalence_bound is NaN",
        plan().setOptions(PatchingOptions.newBuilder().setEquivalenceBound(Double.NaN)));
    refused("random_sets is 10001", plan().setRandomSets(10_001));
  }

  @Test
  void placesThatAreNotThere() {
    refused("There is no head 3.0: model tiny-base has layers 0 to 2", candidate(3, 0));
    refused("There is no head 0.2", candidate(0, 2));
    refused("this site no heads", candidate(0, 1).setSite(PatchSite.PATCH_SITE_MLP_OUT));
    refused("Candidate 0.1+0.1 names a head twice", candidate(0, 1, 0, 1));
    refused("Candidate 0.1+1.0 stands twice", candidate(0, 1, 1, 0).addCandidates(set(1, 0, 0, 1)));
    refused("has no heads", plan().addCandidates(PatchedSet.getDefaultInstance()));
  }

  @Test
  void pairsThatDoNotFit() {
    refused(
        "The prompts of pair 4 have 3 and 2 tokens (Two words; One)",
        plan().addPairs(pair("Two words", "One", "a", "b")));
    refused(
        "Answers `yes sir` and `yes you` to prompt 3 begin with the same token",
        plan().addPairs(pair("What?", "What!", "yes sir", "yes you")));
    refused("Pair 4 has an empty answer", plan().addPairs(pair("What?", "What!", "", "you")));
    refused(
        "The logit difference needs two answers to every pair",
        plan()
            .addPairs(PromptPair.newBuilder().setSource("What?"))
            .setMeasure(PatchMeasure.PATCH_MEASURE_LOGIT_DIFFERENCE));
  }

  @Test
  void modelsThatDoNotFit() {
    bench.models().put(new FakeModel("deep", "d".repeat(64), 4, 2));
    refused("Models tiny-base and deep have 3 and 4 layers", plan().setTargetModel("deep"));
    bench.models().put(new FakeModel("wide", "e".repeat(64), 3, 4));
    refused("have 2 and 4 heads a layer", plan().setTargetModel("wide"));
    refused(FaultCode.NOT_FOUND, "There is no model none", plan().setTargetModel("none"));
    bench.models().put(new FakeModel("wrong", "f".repeat(64), 3, 2, Parity.PARITY_WRONG));
    refused(FaultCode.MALFORMED_MODEL, "--accept-wrong", plan().setTargetModel("wrong"));
  }

  @Test
  void moreThanIsScoredAtOnce() {
    bench.models().put(new FakeModel("large", "d".repeat(64), 60, 60));
    PatchPlan.Builder plan =
        plan().setSourceModel("large").setRandomSets(3000).addCandidates(set(0, 0));
    for (int pair = 0; pair < 100; pair++) {
      plan.addPairs(pair("What is " + pair, "Who is " + pair, "yes", "no"));
    }
    refused(FaultCode.RESOURCE_EXHAUSTED, "3001 sets of heads on 103 pairs", plan);
  }

  private void refused(String sentence, PatchPlan.Builder plan) {
    refused(FaultCode.INVALID_ARGUMENT, sentence, plan);
  }

  private void refused(FaultCode code, String sentence, PatchPlan.Builder plan) {
    assertThatThrownBy(() -> bench.patching().run(plan.build(), false, step -> {}))
        .isInstanceOfSatisfying(
            RolescopeException.class, fault -> assertThat(fault.code()).isEqualTo(code))
        .hasMessageContaining(sentence);
  }

  private static PatchPlan.Builder plan() {
    return PatchedPairs.answered();
  }

  private static PatchPlan.Builder candidate(int... layersAndHeads) {
    return plan().addCandidates(set(layersAndHeads));
  }

  private static PatchedSet set(int... layersAndHeads) {
    return PatchedPairs.set(layersAndHeads);
  }

  private static PromptPair pair(String source, String target, String first, String second) {
    return PromptPair.newBuilder()
        .setSource(source)
        .setTarget(target)
        .setAnswers(AnswerTexts.newBuilder().setFirst(first).setSecond(second))
        .build();
  }
}
