package org.rolescope.orchestrator.execute;

import static java.util.Objects.requireNonNull;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.rolescope.fault.FaultCode;
import org.rolescope.fault.RolescopeException;
import org.rolescope.orchestrator.client.PromptRun;
import org.rolescope.orchestrator.plan.ModelSlot;
import org.rolescope.orchestrator.runstore.Checkpoint;
import org.rolescope.orchestrator.runstore.RunFolder;
import org.rolescope.orchestrator.runstore.StoredRun;
import org.rolescope.v1.CaptureStarted;
import org.rolescope.v1.Model;

/**
 * One model of a run.
 *
 * @param run plan and models
 * @param slot which of them
 * @param folder where the files lie
 */
record Measurement(StoredRun run, ModelSlot slot, RunFolder folder) {
  Measurement {
    requireNonNull(run, "run is null");
    requireNonNull(slot, "slot is null");
    requireNonNull(folder, "folder is null");
  }

  Model model() {
    return run.model(slot);
  }

  /** All prompts through the layers from this one on. */
  PromptRun from(int layer) {
    List<String> prompts = run.plan().promptSet().texts();
    return new PromptRun(
        model(), prompts, run.plan().promptOptions(), layer, run.plan().maxBatchPrompts());
  }

  /** The tokenised prompts as they were when the first layer was measured. */
  CaptureStarted started() {
    return Checkpoint.read(folder.started(slot), CaptureStarted.parser());
  }

  /**
   * Makes sure that what a service is about to send belongs to what there is already.
   *
   * @throws RolescopeException CONFLICT where the model or its tokenizer is another by now
   */
  void confirm(CaptureStarted started) {
    Path file = folder.started(slot);
    if (!started.getModel().getDigest().equals(model().getDigest())) {
      throw changed();
    }
    if (!Files.exists(file)) {
      Checkpoint.write(file, started);
    } else if (!started.getPromptsList().equals(started().getPromptsList())) {
      throw changed();
    }
  }

  /** Index of the first step that is not done; all of them from there on are asked for. */
  static int firstMissing(List<Step> steps) {
    int first = 0;
    while (first < steps.size() && steps.get(first).isDone()) {
      first++;
    }
    return first;
  }

  private RolescopeException changed() {
    return new RolescopeException(
        FaultCode.CONFLICT,
        "Model %s changed while it was measured; start the plan again to measure it as it is now"
            .formatted(model().getName()));
  }
}
