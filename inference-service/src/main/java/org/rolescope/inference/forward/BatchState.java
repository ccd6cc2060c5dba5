package org.rolescope.inference.forward;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import org.rolescope.inference.session.StageTensor;

/** A batch on its way through the stages: its residual stream stays in native memory. */
final class BatchState implements AutoCloseable {
  private final PromptBatch batch;
  private final PositionInputs positions;
  private StageTensor residual;
  private StageTensor lastRows;
  private LogitsRows logits;

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

  /** Residual stream at the last position of each prompt, [batch, d_model]. */
  StageTensor lastRows() {
    if (lastRows == null) {
      lastRows = lastRows(residual);
    }
    return lastRows;
  }

  /**
   * The logits of this batch, empty at first.
   *
   * @param vocabularySize tokens of the vocabulary
   */
  LogitsRows logits(int vocabularySize) {
    if (logits == null) {
      logits = new LogitsRows(batch.size(), vocabularySize);
    }
    return logits;
  }

  /** Lets go of the logits, which have left. */
  void forgetLogits() {
    logits = null;
  }

  @Override
  public void close() {
    closeTensor(residual);
    closeTensor(lastRows);
    residual = null;
    lastRows = null;
  }

  private static void closeTensor(StageTensor tensor) {
    if (tensor != null) {
      tensor.close();
    }
  }

  /**
   * The rows at the last position.
   *
   * @param residual float32 [batch, pos, width]; stays the caller's
   * @return float32 [batch, width]; the caller closes it
   */
  static StageTensor lastRows(StageTensor residual) {
    long[] shape = residual.shape();
    int length = Math.toIntExact(shape[1]);
    int width = Math.toIntExact(shape[2]);
    FloatBuffer all = residual.copyBytes().order(ByteOrder.nativeOrder()).asFloatBuffer();
    FloatBuffer last =
        ByteBuffer.allocateDirect(Math.toIntExact(shape[0] * width * Float.BYTES))
            .order(ByteOrder.nativeOrder())
            .asFloatBuffer();
    for (int row = 0; row < shape[0]; row++) {
      last.put(all.slice((row * length + length - 1) * width, width));
    }
    return StageTensor.ofFloats(last.flip(), shape[0], width);
  }
}
