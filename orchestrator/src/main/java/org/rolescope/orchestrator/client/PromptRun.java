package org.rolescope.orchestrator.client;

import static java.util.Objects.requireNonNull;

import java.util.List;
import org.rolescope.v1.LayerRange;
import org.rolescope.v1.Model;

/**
 * Prompts to be run through layers of a model.
 *
 * @param model the model
 * @param prompts the texts
 * @param firstLayer first layer wanted, counting from 0; all from there to the last are sent
 * @param maxBatchPrompts most prompts in one batch; 0: the service chooses
 */
public record PromptRun(Model model, List<String> prompts, int firstLayer, int maxBatchPrompts) {
  /** Copies the prompts. */
  public PromptRun {
    requireNonNull(model, "model is null");
    prompts = List.copyOf(prompts);
  }

  LayerRange layers() {
    return LayerRange.newBuilder().setFirst(firstLayer).setLast(model.getLayerCount() - 1).build();
  }
}
