package org.rolescope.orchestrator.view;

import org.rolescope.orchestrator.plan.ModelSlot;

/** Makes an attention pattern that a run did not keep. */
@FunctionalInterface
public interface PatternSource {
  /**
   * The pattern of one head on one prompt of the run.
   *
   * @param slot the model
   * @param layer the layer
   * @param head the head
   * @param prompt place of the prompt among all
   * @param tokenCount how many tokens it had when the run measured it
   * @return float32, little-endian, [query_pos, key_pos] row-major
   */
  byte[] pattern(ModelSlot slot, int layer, int head, int prompt, int tokenCount);
}
