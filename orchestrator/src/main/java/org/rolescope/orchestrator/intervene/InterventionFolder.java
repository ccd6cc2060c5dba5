package org.rolescope.orchestrator.intervene;

import static java.util.Objects.requireNonNull;

import java.nio.file.Path;
import org.rolescope.orchestrator.stepwise.WorkFolder;
import org.rolescope.v1.AblatedSite;

/**
 * Where each file of an ablation run lies. Knows names only; nothing here touches the disk.
 *
 * @param work folder of the run
 * @param family family name of its plan
 */
record InterventionFolder(WorkFolder work, String family) {
  InterventionFolder {
    requireNonNull(work, "work is null");
    requireNonNull(family, "family is null");
  }

  /** Entropies of every head and prompt under an intervention. */
  Path activations(String intervention) {
    return artifact(intervention, "activations.json");
  }

  /** What was done in an intervention, and what led to its numbers. */
  Path configuration(String intervention) {
    return artifact(intervention, "intervention_config.json");
  }

  /** What an intervention does. */
  Path effects(String intervention) {
    return artifact(intervention, "effects.json");
  }

  /** Table of all interventions. */
  Path table() {
    return work.file("effects.csv");
  }

  /** Checkpoint: the tokenised prompts. */
  Path started() {
    return work.step("started.pb");
  }

  /** Checkpoint: entropies of one layer of the un-intervened run. */
  Path cleanEntropies(int layer) {
    return work.step("clean").resolve("entropies_" + layer + ".pb");
  }

  /** Checkpoint: logits of one prompt in the un-intervened run. */
  Path cleanLogits(int prompt) {
    return work.step("clean").resolve("logits_" + prompt + ".pb");
  }

  /** Checkpoint: the logits of every prompt are there. */
  Path cleanLogitsDone() {
    return work.step("clean").resolve("logits.pb");
  }

  /** Checkpoint: the mean output of a place over neutral prompts. */
  Path mean(AblatedSite site, int layer) {
    return work.step("means")
        .resolve((site == AblatedSite.ABLATED_SITE_MLP ? "mlp_" : "heads_") + layer + ".pb");
  }

  /** Checkpoint: entropies of one layer under an intervention. */
  Path entropies(String intervention, int layer) {
    return step(intervention, "entropies_" + layer + ".pb");
  }

  /** Checkpoint: what an intervention does. Where it exists, the intervention is finished. */
  Path effect(String intervention) {
    return step(intervention, "effect.pb");
  }

  private Path step(String intervention, String file) {
    return work.step("interventions").resolve(intervention).resolve(file);
  }

  /** Where the study has them. */
  private Path artifact(String intervention, String file) {
    return work.file("results_" + family + "_activation")
        .resolve("latest_intervention")
        .resolve(intervention)
        .resolve(file);
  }
}
