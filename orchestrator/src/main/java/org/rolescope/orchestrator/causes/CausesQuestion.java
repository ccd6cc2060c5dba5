package org.rolescope.orchestrator.causes;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.stream.Stream;
import org.rolescope.orchestrator.client.PromptOptionsMessage;
import org.rolescope.orchestrator.plan.InterventionPlan;
import org.rolescope.orchestrator.plan.ModelSlot;
import org.rolescope.orchestrator.plan.PromptCategory;
import org.rolescope.orchestrator.plan.RunPlan;
import org.rolescope.orchestrator.runstore.StoredRun;
import org.rolescope.v1.AblatedSite;
import org.rolescope.v1.Ablation;
import org.rolescope.v1.AblationMethod;
import org.rolescope.v1.Candidate;
import org.rolescope.v1.HeadSite;
import org.rolescope.v1.NamedIntervention;
import org.rolescope.v1.PatchMeasure;
import org.rolescope.v1.PatchPlan;
import org.rolescope.v1.PatchSite;
import org.rolescope.v1.PatchedSet;
import org.rolescope.v1.PatchingOptions;
import org.rolescope.v1.PromptPair;

/**
 * What is asked of the candidates of a run, as plans of ablations and patches.
 *
 * @param run the comparison
 * @param candidates its candidates, in order of rank
 * @param pairs pairs of prompts of the instruct model; empty: the models are patched with each
 *     other
 * @param options how patching is scored
 * @param randomSets random sets of as many heads as there are candidates
 */
record CausesQuestion(
    StoredRun run,
    List<Candidate> candidates,
    List<PromptPair> pairs,
    PatchingOptions options,
    int randomSets) {
  CausesQuestion {
    requireNonNull(run, "run is null");
    candidates = List.copyOf(candidates);
    pairs = List.copyOf(pairs);
    requireNonNull(options, "options is null");
  }

  /** Whether heads are patched between the two models rather than between prompts of one. */
  boolean isBetweenModels() {
    return pairs.isEmpty();
  }

  /** Each candidate zeroed out of the instruct model, on the prompts of the run. */
  InterventionPlan ablations() {
    return new InterventionPlan(
        plan().family(),
        instruct(),
        plan().promptSet(),
        plan().roleSettings(),
        candidates.stream().map(CausesQuestion::zeroOut).toList(),
        List.of(),
        plan().promptOptions(),
        plan().maxBatchPrompts());
  }

  /** Every head patched by itself. */
  PatchPlan sweep() {
    return patches().build();
  }

  /** All candidates patched at once, and random sets of as many other heads. */
  PatchPlan together() {
    return patches()
        .addCandidates(PatchedSet.newBuilder().addAllSites(heads()))
        .setRandomSets(randomSets)
        .build();
  }

  /** The heads of the candidates, in order of rank. */
  List<HeadSite> heads() {
    return candidates.stream()
        .map(
            candidate ->
                HeadSite.newBuilder()
                    .setLayer(candidate.getLayer())
                    .setHead(candidate.getHead())
                    .build())
        .toList();
  }

  private PatchPlan.Builder patches() {
    // Whoever runs a comparison has been told what verification found.
    PatchPlan.Builder patches =
        PatchPlan.newBuilder()
            .setFamily(plan().family())
            .setSourceModel(instruct())
            .setSite(PatchSite.PATCH_SITE_Z)
            .setOptions(options)
            .setPromptOptions(PromptOptionsMessage.of(plan().promptOptions()))
            .setAcceptWrongParity(true);
    return isBetweenModels()
        ? patches
            .setTargetModel(run.model(ModelSlot.BASE).getName())
            .setMeasure(PatchMeasure.PATCH_MEASURE_DIVERGENCE)
            .addAllPairs(
                selfPrompts()
                    .map(prompt -> PromptPair.newBuilder().setSource(prompt).build())
                    .toList())
        : patches.setTargetModel(instruct()).addAllPairs(pairs);
  }

  private Stream<String> selfPrompts() {
    String self = plan().roleSettings().roles().self();
    return plan().promptSet().categories().stream()
        .filter(category -> category.name().equals(self))
        .map(PromptCategory::prompts)
        .flatMap(List::stream);
  }

  private static NamedIntervention zeroOut(Candidate candidate) {
    return NamedIntervention.newBuilder()
        .setName("sh_%d_%d_zero_out".formatted(candidate.getLayer(), candidate.getHead()))
        .addAblations(
            Ablation.newBuilder()
                .setSite(AblatedSite.ABLATED_SITE_ATTENTION)
                .setLayer(candidate.getLayer())
                .setHead(candidate.getHead())
                .setMethod(AblationMethod.ABLATION_METHOD_ZERO_OUT))
        .build();
  }

  private RunPlan plan() {
    return run.plan();
  }

  private String instruct() {
    return run.model(ModelSlot.RUN).getName();
  }
}
