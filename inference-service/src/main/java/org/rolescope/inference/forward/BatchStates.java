package org.rolescope.inference.forward;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.rolescope.tensors.bundle.BundleManifest;

/** All batches of a pass and the position inputs they share; owns their native memory. */
final class BatchStates implements Iterable<BatchState>, AutoCloseable {
  private final Map<Integer, PositionInputs> positionsByLength = new HashMap<>();
  private final List<BatchState> states = new ArrayList<>();

  private BatchStates() {}

  /**
   * Batches before the first stage.
   *
   * @param batches the batches
   * @param manifest the model
   * @param steady whether rounding must not depend on how many prompts a batch has
   */
  static BatchStates of(List<PromptBatch> batches, BundleManifest manifest, boolean steady) {
    BatchStates created = new BatchStates();
    try {
      for (PromptBatch batch : batches) {
        created.states.add(
            new BatchState(batch, created.positions(batch.length(), manifest), steady));
      }
      return created;
    } catch (RuntimeException failed) {
      created.close();
      throw failed;
    }
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

  private PositionInputs positions(int length, BundleManifest manifest) {
    return positionsByLength.computeIfAbsent(length, tokens -> PositionInputs.of(manifest, tokens));
  }
}
