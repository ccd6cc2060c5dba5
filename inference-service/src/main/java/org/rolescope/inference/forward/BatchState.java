package org.rolescope.inference.forward;

import org.rolescope.inference.session.StageTensor;

/** A batch on its way through the stages: its residual stream stays in native memory. */
final class BatchState implements AutoCloseable {
  private final PromptBatch batch;
  private final PositionInputs positions;
  private StageTensor residual;

  BatchState(PromptBatch batch, PositionInputs positions) {
    this.batch = batch;
    this.positions = positions;
  }

  PromptBatch batch() {
    return batch;
  }

  PositionInputs positions() {
    return positions;
  }

  /** Residual stream after the last stage that ran, [batch, pos, d_model]. */
  StageTensor residual() {
    return residual;
  }

  /** Puts the residual stream of the next stage in place of the last one, which is closed. */
  void residual(StageTensor next) {
    close();
    residual = next;
  }

  @Override
  public void close() {
    if (residual != null) {
      residual.close();
      residual = null;
    }
  }
}
