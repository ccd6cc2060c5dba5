package org.rolescope.inference.forward;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.rolescope.fault.FaultCode;
import org.rolescope.fault.RolescopeException;
import org.rolescope.inference.intervene.Interventions;
import org.rolescope.inference.session.GraphChange;
import org.rolescope.inference.session.GraphEdit;
import org.rolescope.inference.session.ModelResidency;
import org.rolescope.inference.session.OpenStage;
import org.rolescope.inference.session.StageFeed;
import org.rolescope.inference.tokenizer.TokenizedPrompt;
import org.rolescope.tensors.TensorView;
import org.rolescope.tensors.bundle.BundleManifest;
import org.rolescope.tensors.bundle.Stage;

/**
 * Runs prompts through a bundle, all prompts through a stage before the next stage is loaded:
 * weights are read at most once whatever the number of prompts.
 */
public final class ForwardPass {
  private final ModelResidency residency;
  private final Path bundle;
  private final BundleManifest manifest;
  private final PassListener listener;
  private final Interventions interventions;
  private final boolean steady;

  /**
   * Creates a pass over a bundle.
   *
   * @param residency lends the stages
   * @param bundle folder of the bundle
   * @param manifest its manifest
   */
  public ForwardPass(ModelResidency residency, Path bundle, BundleManifest manifest) {
    this(residency, bundle, manifest, PassListener.NONE, Interventions.NONE, false);
  }

  private ForwardPass(
      ModelResidency residency,
      Path bundle,
      BundleManifest manifest,
      PassListener listener,
      Interventions interventions,
      boolean steady) {
    this.residency = residency;
    this.bundle = bundle;
    this.manifest = manifest;
    this.listener = listener;
    this.interventions = interventions;
    this.steady = steady;
  }

  /** The same pass, telling what each stage costs. */
  public ForwardPass withListener(PassListener hears) {
    return new ForwardPass(residency, bundle, manifest, hears, interventions, steady);
  }

  /**
   * The same pass, changing the model while it runs.
   *
   * @param changes what to change, checked against the prompts that will be run
   */
  public ForwardPass withInterventions(Interventions changes) {
    return new ForwardPass(residency, bundle, manifest, listener, changes, steady);
  }

  /**
   * The same pass, whose rounding does not depend on how many prompts share a batch. A prompt that
   * is alone in its batch else has logits that are rounded otherwise, in the last digit.
   */
  ForwardPass steadily() {
    return new ForwardPass(residency, bundle, manifest, listener, interventions, true);
  }

  /**
   * Runs prompts and hands every tensor asked for to the sink: by layer, within a layer by batch,
   * within a batch value_norm, pattern, z, mlp_out, resid_post; logits last.
   *
   * @param prompts tokenised prompts
   * @param selection what to capture
   * @param limits batch limits
   * @param sink takes each tensor; may block, which slows the pass down
   * @param cancelled asked between batches; true stops the pass
   * @return what it cost
   * @throws RolescopeException INVALID_ARGUMENT where the model lacks a layer or tap asked for;
   *     CANCELLED once {@code cancelled} says so; MALFORMED_MODEL where the bundle is damaged;
   *     RESOURCE_EXHAUSTED where a prompt does not fit the limits or a stage not the memory
   */
  public PassReport run(
      List<TokenizedPrompt> prompts,
      CaptureSelection selection,
      PassLimits limits,
      Consumer<TensorView> sink,
      BooleanSupplier cancelled) {
    selection.check(manifest);
    if (!interventions.areFor(prompts)) {
      throw new IllegalArgumentException("the interventions were checked against other prompts");
    }
    BatchLimit batchLimit = new BatchLimit(limits, manifest.dimensions());
    List<PromptBatch> batches =
        steady
            ? PromptBatch.cutSteadily(prompts, batchLimit)
            : PromptBatch.cut(prompts, batchLimit);
    List<Stage> stages =
        manifest.stages().stream().filter(stage -> isNeeded(stage, selection)).toList();
    List<StageReport> reports = new ArrayList<>();
    try (StageFeed feed = residency.lend(bundle, manifest, stages);
        BatchStates states = BatchStates.of(batches, manifest, steady)) {
      for (int count = 0; count < stages.size(); count++) {
        long start = System.nanoTime();
        Set<GraphChange> changes = changes(stages.get(count));
        GraphEdit edit = new GraphEdit(changes, MlpOutputs.of(stages.get(count), selection));
        try (OpenStage stage = feed.next(edit)) {
          StageRun run =
              new StageRun(
                  stage,
                  manifest,
                  batch -> interventions.inputs(changes, batch.promptIndices()),
                  sink);
          for (CaptureSelection part :
              LayerParts.of(stage.stage(), manifest, selection, batches, limits.maxTensorBytes())) {
            run.begin(part);
            runBatches(run, states, cancelled);
          }
          reports.add(run.report(batches.size(), System.nanoTime() - start));
        }
        listener.stageRan(reports.getLast());
      }
    }
    return new PassReport(reports);
  }

  /** Only blocks have tensors that can be changed. */
  private Set<GraphChange> changes(Stage stage) {
    return switch (stage.kind()) {
      case BLOCKS -> interventions.changes(stage.firstLayer(), stage.lastLayer());
      case EMBED, UNEMBED, MODEL -> Set.of();
    };
  }

  private static boolean isNeeded(Stage stage, CaptureSelection selection) {
    return switch (stage.kind()) {
      case EMBED, MODEL -> true;
      case BLOCKS -> selection.needsLayer(stage.firstLayer());
      case UNEMBED -> selection.wantsLogits();
    };
  }

  private static void runBatches(StageRun run, BatchStates states, BooleanSupplier cancelled) {
    for (BatchState state : states) {
      if (cancelled.getAsBoolean()) {
        throw new RolescopeException(FaultCode.CANCELLED, "The caller gave up");
      }
      run.run(state);
    }
    run.finish();
  }
}
