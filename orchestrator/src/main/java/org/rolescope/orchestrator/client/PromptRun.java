package org.rolescope.orchestrator.client;

import static java.util.Objects.requireNonNull;

import java.util.List;
import org.rolescope.orchestrator.plan.PromptOptions;
import org.rolescope.v1.LayerRange;
import org.rolescope.v1.Model;

/**
 * Prompts to be run through layers of a model.
 *
 * @param model the model
 * @param prompts the texts
 * @param options how they become tokens
 * @param firstLayer first layer wanted, counting from 0; all from there to the last are sent
 * @param maxBatchPrompts most prompts in one batch; 0: the service chooses
 */
public record PromptRun(
    Model model, List<String> prompts, PromptOptions options, int firstLayer, int maxBatchPrompts) {
  /** Copies the prompts. */
  public PromptRun {
    requireNonNull(model, "model is null");
    prompts = List.copyOf(prompts);
    requireNonNull(options, "options is null");
  }

  LayerRange layers() {
    return LayerRange.newBuilder().setFirst(firstLayer).setLast(model.getLayerCount() - 1).build();
  }
}
