package org.rolescope.inference.forward;

import java.nio.file.Path;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.rolescope.fault.FaultCode;
import org.rolescope.fault.RolescopeException;
import org.rolescope.inference.session.StageSession;
import org.rolescope.inference.session.WeightMapping;
import org.rolescope.inference.tokenizer.TokenizedPrompt;
import org.rolescope.tensors.TensorView;
import org.rolescope.tensors.bundle.BundleManifest;
import org.rolescope.tensors.bundle.Stage;

/**
 * Runs prompts through a bundle, all prompts through a stage before the next stage is loaded:
 * weights are read once whatever the number of prompts, and one stage is in memory at a time.
 */
public final class ForwardPass {
  private final Path bundle;
  private final BundleManifest manifest;

  /**
   * Creates a pass over a bundle.
   *
   * @param bundle folder of the bundle
   * @param manifest its manifest
   */
  public ForwardPass(Path bundle, BundleManifest manifest) {
    this.bundle = bundle;
    this.manifest = manifest;
  }

  /**
   * Runs prompts and hands every tensor asked for to the sink: by layer, within a layer by batch,
   * within a batch pattern before z before resid_post; logits last.
   *
   * @param prompts tokenised prompts
   * @param selection what to capture
   * @param limits batch limits
   * @param sink takes each tensor; may block, which slows the pass down
   * @param cancelled asked between batches; true stops the pass
   * @throws RolescopeException INVALID_ARGUMENT where the model lacks a layer asked for; CANCELLED
   *     once {@code cancelled} says so; MALFORMED_MODEL where the bundle is damaged;
   *     RESOURCE_EXHAUSTED where a prompt does not fit the limits
   */
  public void run(
      List<TokenizedPrompt> prompts,
      CaptureSelection selection,
      PassLimits limits,
      Consumer<TensorView> sink,
      BooleanSupplier cancelled) {
    selection.check(manifest.dimensions().layerCount());
    BatchLimit batchLimit = new BatchLimit(limits, manifest.dimensions());
    List<PromptBatch> batches = PromptBatch.cut(prompts, batchLimit);
    try (WeightMapping weights = WeightMapping.open(bundle, manifest.weightFiles());
        BatchStates states = BatchStates.of(batches, manifest.rotary())) {
      for (Stage stage : manifest.stages()) {
        if (isNeeded(stage, selection)) {
          try (StageSession session = StageSession.open(bundle, stage, weights)) {
            runStage(new StageRun(session, selection, sink), states, cancelled);
          }
        }
      }
    }
  }

  private static boolean isNeeded(Stage stage, CaptureSelection selection) {
    return switch (stage.kind()) {
      case EMBED -> true;
      case BLOCKS -> selection.needsLayer(stage.firstLayer());
      case UNEMBED -> selection.wantsLogits();
    };
  }

  private static void runStage(StageRun run, BatchStates states, BooleanSupplier cancelled) {
    for (BatchState state : states) {
      if (cancelled.getAsBoolean()) {
        throw new RolescopeException(FaultCode.CANCELLED, "The caller gave up");
      }
      run.run(state);
    }
    run.finish();
  }
}
