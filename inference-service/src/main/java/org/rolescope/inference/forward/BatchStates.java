package org.rolescope.inference.forward;

import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.rolescope.tensors.bundle.RotaryEmbedding;

/** All batches of a pass and the position inputs they share; owns their native memory. */
final class BatchStates implements Iterable<BatchState>, AutoCloseable {
  private final Map<Integer, PositionInputs> positionsByLength = new HashMap<>();
  private final List<BatchState> states;

  private BatchStates(List<PromptBatch> batches, RotaryEmbedding rotary) {
    states =
        batches.stream()
            .map(
                batch ->
                    new BatchState(
                        batch,
                        positionsByLength.computeIfAbsent(
                            batch.length(), length -> PositionInputs.of(rotary, length))))
            .toList();
  }

  static BatchStates of(List<PromptBatch> batches, RotaryEmbedding rotary) {
    return new BatchStates(batches, rotary);
  }

  @Override
  public Iterator<BatchState> iterator() {
    return states.iterator();
  }

  @Override
  public void close() {
    states.forEach(BatchState::close);
    positionsByLength.values().forEach(PositionInputs::close);
  }
}
