package org.rolescope.inference.forward;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.rolescope.inference.session.StageTensor;

/** A copy of the residual stream of each prompt at one place, outside native memory. */
final class ResidualRows {
  /** Values of each prompt, [pos, d_model]. */
  private final Map<Integer, FloatBuffer> byPrompt = new HashMap<>();

  private ResidualRows() {}

  /** Copies those of batches. */
  static ResidualRows of(Iterable<BatchState> states) {
    ResidualRows rows = new ResidualRows();
    for (BatchState state : states) {
      FloatBuffer all = floats(state.residual());
      int size = all.remaining() / state.batch().size();
      for (int row = 0; row < state.batch().size(); row++) {
        rows.byPrompt.put(state.batch().promptIndices().get(row), all.slice(row * size, size));
      }
    }
    return rows;
  }

  /**
   * The residual stream of a batch.
   *
   * @param prompts prompt of each row, all of one length
   * @param length that length
   * @return float32 [batch, pos, d_model]; the caller closes it
   */
  StageTensor tensor(List<Integer> prompts, int length) {
    return joined(FloatBuffer.allocate(0), prompts, length);
  }

  /**
   * A residual stream with more rows behind its own.
   *
   * @param before the stream, [batch, pos, d_model]; stays the caller's
   * @param prompts prompt of each row that comes behind, all of one length
   * @param length that length
   * @return float32 [batch, pos, d_model]; the caller closes it
   */
  StageTensor behind(StageTensor before, List<Integer> prompts, int length) {
    return joined(floats(before), prompts, length);
  }

  private StageTensor joined(FloatBuffer before, List<Integer> prompts, int length) {
    int size = byPrompt.get(prompts.getFirst()).remaining();
    int elements = Math.addExact(before.remaining(), Math.multiplyExact(prompts.size(), size));
    FloatBuffer all =
        ByteBuffer.allocateDirect(Math.multiplyExact(elements, Float.BYTES))
            .order(ByteOrder.nativeOrder())
            .asFloatBuffer();
    all.put(before);
    prompts.forEach(prompt -> all.put(byPrompt.get(prompt).duplicate()));
    return StageTensor.ofFloats(all.flip(), elements / size, length, size / length);
  }

  private static FloatBuffer floats(StageTensor tensor) {
    return tensor.copyBytes().order(ByteOrder.nativeOrder()).asFloatBuffer();
  }
}
