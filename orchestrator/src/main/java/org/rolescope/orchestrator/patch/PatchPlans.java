package org.rolescope.orchestrator.patch;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.rolescope.orchestrator.client.PromptOptionsMessage;
import org.rolescope.orchestrator.plan.Invalid;
import org.rolescope.v1.AnswerTexts;
import org.rolescope.v1.PatchMeasure;
import org.rolescope.v1.PatchPlan;
import org.rolescope.v1.PatchSite;
import org.rolescope.v1.PatchedSet;
import org.rolescope.v1.PatchingOptions;
import org.rolescope.v1.PromptPair;

/**
 * Plans with every default filled in, so that a plan that spells a default out is the same plan,
 * and without what makes no difference to the results.
 */
final class PatchPlans {
  private static final int DEFAULT_RANDOM_SETS = 200;
  private static final int MAX_RANDOM_SETS = 10_000;
  private static final int DEFAULT_RESAMPLES = 2000;
  private static final int MAX_RESAMPLES = 1_000_000;
  private static final double DEFAULT_LEVEL = 0.05;
  private static final double DEFAULT_BOUND = 0.05;

  private PatchPlans() {}

  /**
   * Fills a plan in and checks everything that can be checked without the models.
   *
   * @throws org.rolescope.fault.RolescopeException INVALID_ARGUMENT where something is not valid
   */
  static PatchPlan resolve(PatchPlan plan) {
    Invalid.unless(
        !plan.getSourceModel().isBlank(), "The plan names no source model; give the name of one");
    Invalid.unless(plan.getPairsCount() > 0, "The plan has no pairs of prompts; give some");
    PatchMeasure measure = measure(plan);
    List<PromptPair> pairs =
        IntStream.range(0, plan.getPairsCount())
            .mapToObj(index -> pair(plan.getPairs(index), index, measure))
            .toList();
    String target = plan.getTargetModel().isBlank() ? plan.getSourceModel() : plan.getTargetModel();
    return PatchPlan.newBuilder()
        .setFamily(plan.getFamily())
        .setSourceModel(plan.getSourceModel())
        .setTargetModel(target)
        .addAllPairs(pairs)
        .setSite(site(plan.getSite()))
        .setMeasure(measure)
        .addAllCandidates(candidates(plan))
        .setRandomSets(randomSets(plan))
        .setOptions(options(plan.getOptions()))
        .setPromptOptions(
            PromptOptionsMessage.of(PromptOptionsMessage.read(plan.getPromptOptions())))
        .setSkipNoising(plan.getSkipNoising())
        .build();
  }

  /** Whether a plan asks for every place by itself. */
  static boolean isSweep(PatchPlan plan) {
    return plan.getCandidatesCount() == 0;
  }

  /** Whether a site belongs to a whole layer and not to a head. */
  static boolean isOfLayer(PatchSite site) {
    return switch (site) {
      case PATCH_SITE_MLP_OUT, PATCH_SITE_RESID_POST -> true;
      case PATCH_SITE_UNSPECIFIED, PATCH_SITE_Z, PATCH_SITE_PATTERN, UNRECOGNIZED -> false;
    };
  }

  private static PatchMeasure measure(PatchPlan plan) {
    boolean answered = plan.getPairsList().stream().allMatch(PromptPair::hasAnswers);
    return switch (plan.getMeasure()) {
      case PATCH_MEASURE_UNSPECIFIED ->
          answered
              ? PatchMeasure.PATCH_MEASURE_LOGIT_DIFFERENCE
              : PatchMeasure.PATCH_MEASURE_DIVERGENCE;
      case PATCH_MEASURE_DIVERGENCE -> PatchMeasure.PATCH_MEASURE_DIVERGENCE;
      case PATCH_MEASURE_LOGIT_DIFFERENCE -> {
        Invalid.unless(
            answered,
            "The logit difference needs two answers to every pair; add them, or measure the divergence");
        yield PatchMeasure.PATCH_MEASURE_LOGIT_DIFFERENCE;
      }
      case UNRECOGNIZED ->
          throw Invalid.because(
              "The plan names a measure that is not known here; name one of PatchMeasure");
    };
  }

  private static PromptPair pair(PromptPair pair, int index, PatchMeasure measure) {
    Invalid.unless(
        !pair.getSource().isBlank(), "Pair %d has no source prompt; write one", index + 1);
    PromptPair.Builder filled =
        pair.toBuilder()
            .setTarget(pair.getTarget().isBlank() ? pair.getSource() : pair.getTarget());
    if (measure == PatchMeasure.PATCH_MEASURE_DIVERGENCE) {
      return filled.clearAnswers().build();
    }
    AnswerTexts answers = pair.getAnswers();
    Invalid.unless(
        !answers.getFirst().isEmpty() && !answers.getSecond().isEmpty(),
        "Pair %d has an empty answer; give two that differ in their first token",
        index + 1);
    return filled.build();
  }

  private static PatchSite site(PatchSite site) {
    return switch (site) {
      case PATCH_SITE_UNSPECIFIED -> PatchSite.PATCH_SITE_Z;
      case PATCH_SITE_Z, PATCH_SITE_PATTERN, PATCH_SITE_MLP_OUT, PATCH_SITE_RESID_POST -> site;
      case UNRECOGNIZED ->
          throw Invalid.because(
              "The plan names a site that is not known here; name one of PatchSite");
    };
  }

  private static List<PatchedSet> candidates(PatchPlan plan) {
    Set<PlaceSet> seen = new HashSet<>();
    return plan.getCandidatesList().stream()
        .map(PlaceSet::of)
        .map(
            set -> {
              Invalid.unless(seen.add(set), "Candidate %s stands twice; name it once", set.text());
              return set.message();
            })
        .toList();
  }

  private static int randomSets(PatchPlan plan) {
    Invalid.unless(
        plan.getRandomSets() >= 0 && plan.getRandomSets() <= MAX_RANDOM_SETS,
        "Option random_sets is %s; give a whole number up to %d, or 0 for the default",
        Integer.toUnsignedString(plan.getRandomSets()),
        MAX_RANDOM_SETS);
    if (isSweep(plan)) {
      return 0;
    }
    return plan.getRandomSets() == 0 ? DEFAULT_RANDOM_SETS : plan.getRandomSets();
  }

  /** With the metrics service's defaults, and in its ranges: it is asked when all is patched. */
  private static PatchingOptions options(PatchingOptions options) {
    int resamples = options.getBootstrapResamples();
    double level = options.getSignificanceLevel();
    double bound = options.getEquivalenceBound();
    Invalid.unless(
        resamples >= 0 && resamples <= MAX_RESAMPLES,
        "Option bootstrap_resamples is %s; give a whole number from 1 to %d, or 0 for the default",
        Integer.toUnsignedString(resamples),
        MAX_RESAMPLES);
    Invalid.unless(
        level >= 0 && level < 1,
        "Option significance_level is %s; give a number between 0 and 1",
        level);
    Invalid.unless(
        bound >= 0 && Double.isFinite(bound),
        "Option equivalence_bound is %s; give a positive number, or 0 for the default",
        bound);
    return PatchingOptions.newBuilder()
        .setBootstrapResamples(resamples == 0 ? DEFAULT_RESAMPLES : resamples)
        .setSeed(options.getSeed())
        .setSignificanceLevel(level == 0 ? DEFAULT_LEVEL : level)
        .setEquivalenceBound(bound == 0 ? DEFAULT_BOUND : bound)
        .build();
  }
}
