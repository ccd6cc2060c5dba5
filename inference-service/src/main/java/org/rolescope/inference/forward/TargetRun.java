package org.rolescope.inference.forward;

import java.util.List;
import org.rolescope.tensors.bundle.BundleManifest;

/**
 * The target run of a sweep, the model as it is: variants begin with its residual stream. It goes
 * on from pass to pass where the last one left it, as long as the next group begins no earlier; of
 * the residual streams behind it, it remembers one.
 */
final class TargetRun implements AutoCloseable {
  private final BundleManifest manifest;
  private final List<PromptBatch> batches;
  private final SweepCost cost;
  private BatchStates states;
  private ResidualRows remembered;
  private int rememberedStage;

  /**
   * A run that has not begun.
   *
   * @param target the model and its prompts
   * @param limit how many prompts may share a batch
   * @param cost counts its batches
   */
  TargetRun(ModelPrompts target, BatchLimit limit, SweepCost cost) {
    this.manifest = target.manifest();
    this.batches = PromptBatch.cutSteadily(target.prompts(), limit);
    this.cost = cost;
  }

  /**
   * Begins a pass.
   *
   * @param stage place of the stage at which the residual stream is needed first
   * @return place of the stage from which the pass has to run: this one, where the run has been
   *     here, else the first of all
   */
  int begin(int stage) {
    close();
    states = BatchStates.of(batches, manifest, true);
    cost.batches(batches.size());
    if (remembered == null || rememberedStage != stage) {
      return 0;
    }
    for (BatchState state : states) {
      PromptBatch batch = state.batch();
      state.residual(remembered.tensor(batch.promptIndices(), batch.length()));
    }
    return stage;
  }

  /** Its batches. */
  BatchStates states() {
    return states;
  }

  /** The residual stream before the stage that comes next. */
  ResidualRows rows() {
    return ResidualRows.of(states);
  }

  /** Remembers the residual stream before a stage, for the next pass. */
  void remember(int stage, ResidualRows rows) {
    remembered = rows;
    rememberedStage = stage;
  }

  @Override
  public void close() {
    if (states != null) {
      states.close();
      states = null;
    }
  }
}
