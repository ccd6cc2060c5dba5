package org.rolescope.inference.forward;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import org.rolescope.inference.session.StageTensor;

/** A batch on its way through the stages: its residual stream stays in native memory. */
final class BatchState implements AutoCloseable {
  private PromptBatch batch;
  private final PositionInputs positions;
  private final boolean steady;
  private StageTensor residual;
  private StageTensor lastRows;
  private LogitsRows logits;

  /**
   * A batch before the first stage.
   *
   * @param batch its prompts
   * @param positions position inputs of their length
   * @param steady whether its rounding must not depend on how many prompts there are
   */
  BatchState(PromptBatch batch, PositionInputs positions, boolean steady) {
    this.batch = batch;
    this.positions = positions;
    this.steady = steady;
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

  /**
   * Puts a batch with more prompts in place of this one.
   *
   * @param grown the batch, whose prompts are equally long
   * @param next its residual stream, [batch, pos, d_model]
   */
  void grow(PromptBatch grown, StageTensor next) {
    residual(next);
    batch = grown;
  }

  /**
   * Residual stream at the last position of each prompt, [batch, d_model]. Where rounding has to be
   * steady, a single row stands there twice.
   */
  StageTensor lastRows() {
    if (lastRows == null) {
      lastRows = lastRows(residual, steady ? 2 : 1);
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
    return lastRows(residual, 1);
  }

  /** The rows at the last position, and the last of them again until there are so many. */
  private static StageTensor lastRows(StageTensor residual, int fewest) {
    long[] shape = residual.shape();
    int length = Math.toIntExact(shape[1]);
    int width = Math.toIntExact(shape[2]);
    FloatBuffer all = residual.copyBytes().order(ByteOrder.nativeOrder()).asFloatBuffer();
    int rows = Math.toIntExact(shape[0]);
    int count = Math.max(rows, fewest);
    FloatBuffer last =
        ByteBuffer.allocateDirect(
                Math.toIntExact(Math.multiplyExact((long) count * Float.BYTES, width)))
            .order(ByteOrder.nativeOrder())
            .asFloatBuffer();
    for (int place = 0; place < count; place++) {
      int row = Math.min(place, rows - 1);
      last.put(all.slice((row * length + length - 1) * width, width));
    }
    return StageTensor.ofFloats(last.flip(), count, width);
  }
}
