package org.rolescope.inference.forward;

import org.rolescope.tensors.bundle.Stage;

/** Counts what a sweep costs while it runs. */
final class SweepCost {
  private long promptBlocks;
  private long batches;

  /** So many batches are begun. */
  void batches(int count) {
    batches += count;
  }

  /** Prompts went through a stage. */
  void ran(Stage stage, int prompts) {
    switch (stage.kind()) {
      case BLOCKS, MODEL ->
          promptBlocks += (long) prompts * (stage.lastLayer() - stage.firstLayer() + 1);
      case EMBED, UNEMBED -> {}
    }
  }

  /**
   * The costs so far.
   *
   * @param target the prompts of the sweep
   */
  SweepReport report(ModelPrompts target) {
    double pass = (double) target.prompts().size() * target.layerCount();
    return new SweepReport(promptBlocks, promptBlocks / pass, batches);
  }
}
