package org.rolescope.orchestrator.intervene;

import static java.util.Objects.requireNonNull;

import java.nio.file.Files;
import java.util.List;
import org.rolescope.fault.FaultCode;
import org.rolescope.fault.RolescopeException;
import org.rolescope.orchestrator.client.RoleOptionsMessage;
import org.rolescope.orchestrator.execute.MeasuringServices;
import org.rolescope.orchestrator.plan.InterventionPlan;
import org.rolescope.orchestrator.runstore.Checkpoint;
import org.rolescope.v1.AnswerTokens;
import org.rolescope.v1.CaptureStarted;
import org.rolescope.v1.Model;
import org.rolescope.v1.RoleOptions;

/**
 * What all steps of an ablation run share.
 *
 * @param requests what the services are asked for
 * @param started the tokenised prompts, as they are now
 * @param answers two answers to each prompt, or none
 * @param folder where the files lie
 * @param services who measures
 */
record AblationWork(
    InterventionRequests requests,
    CaptureStarted started,
    List<AnswerTokens> answers,
    InterventionFolder folder,
    MeasuringServices services) {
  AblationWork {
    requireNonNull(requests, "requests is null");
    requireNonNull(started, "started is null");
    answers = List.copyOf(answers);
    requireNonNull(folder, "folder is null");
    requireNonNull(services, "services is null");
  }

  InterventionPlan plan() {
    return requests.plan();
  }

  Model model() {
    return requests.model();
  }

  /** How roles are estimated, with the category of each prompt. */
  RoleOptions options() {
    return RoleOptionsMessage.of(plan().promptSet(), plan().roleSettings());
  }

  /** Ablations as the inference service takes them for these prompts. */
  AblationMessages messages() {
    return new AblationMessages(
        new MeanOutputs(folder, model().getHeadSize()),
        started.getPromptsList().stream().map(prompt -> prompt.getTokenIdsCount()).toList());
  }

  /**
   * Makes sure that what a service is about to send belongs to what there is already.
   *
   * @throws RolescopeException CONFLICT where the model or its tokenizer is another by now
   */
  void confirm(CaptureStarted now) {
    if (!Files.exists(folder.started())) {
      Checkpoint.write(folder.started(), now);
    }
    CaptureStarted then = Checkpoint.read(folder.started(), CaptureStarted.parser());
    if (!now.getModel().getDigest().equals(model().getDigest())
        || !now.getPromptsList().equals(then.getPromptsList())) {
      throw new RolescopeException(
          FaultCode.CONFLICT,
          "Model %s changed while it was measured; ask for the same again to measure it as it is now"
              .formatted(model().getName()));
    }
  }
}
