package org.rolescope.orchestrator.runstore;

import static java.util.Objects.requireNonNull;

import java.nio.file.Path;
import org.rolescope.orchestrator.plan.ModelSlot;

/**
 * Where each file of a run lies. Knows names only; nothing here touches the disk.
 *
 * @param path folder of the run
 * @param family family name of its plan
 */
public record RunFolder(Path path, String family) {
  /** Checks that both are there. */
  public RunFolder {
    requireNonNull(path, "path is null");
    requireNonNull(family, "family is null");
  }

  /** The plan and the models it was started with. */
  public Path plan() {
    return planIn(path);
  }

  /** Everything found, written last: where it exists, the run is complete. */
  public Path results() {
    return path.resolve("results.json");
  }

  /** The only file with times in it. */
  public Path timings() {
    return path.resolve("timings.json");
  }

  /** Why the run failed; gone once it goes on. */
  public Path failure() {
    return path.resolve("failure.txt");
  }

  /** Artifacts of one model. */
  public Path model(ModelSlot slot) {
    return path.resolve("results_" + family + "_activation").resolve(slot.folderName());
  }

  /** Entropies of every head and prompt of one model. */
  public Path activations(ModelSlot slot) {
    return model(slot).resolve("activations.json");
  }

  /** What produced the entropies of one model. */
  public Path configuration(ModelSlot slot) {
    return model(slot).resolve("experiment_config.json");
  }

  /** Attention patterns of one layer of one model. */
  public Path patterns(ModelSlot slot, int layer) {
    return model(slot).resolve("raw_blocks_" + layer + "_attn_pattern.npz");
  }

  /** Table of both models and their difference, a row a layer. */
  public Path comparisonTable() {
    return path.resolve("figures")
        .resolve(family)
        .resolve("comparison")
        .resolve("detailed_comparison.csv");
  }

  /** Table of the heads ranked first as candidates for patching. */
  public Path candidateTable() {
    return candidates("patching_candidates_" + family + ".csv");
  }

  /** The candidates in numbers. */
  public Path candidateSummary() {
    return candidates("patching_summary_" + family + ".json");
  }

  /** A table for notebooks, by the name of its file. */
  public Path table(String fileName) {
    return path.resolve("tables").resolve(fileName);
  }

  /** Checkpoint: the tokenised prompts of one model. */
  public Path started(ModelSlot slot) {
    return steps(slot).resolve("started.pb");
  }

  /** Checkpoint: entropies of one layer of one model. */
  public Path entropies(ModelSlot slot, int layer) {
    return steps(slot).resolve("entropies_" + layer + ".pb");
  }

  /** Checkpoint: roles of the only model. */
  public Path roles() {
    return path.resolve("steps").resolve("roles.pb");
  }

  /** Checkpoint: comparison of both models. */
  public Path comparison() {
    return path.resolve("steps").resolve("comparison.pb");
  }

  /** Checkpoint: the candidates. */
  public Path candidates() {
    return path.resolve("steps").resolve("candidates.pb");
  }

  /** A file of this run as results name it: relative, with forward slashes. */
  public String relative(Path file) {
    return path.relativize(file).toString().replace('\\', '/');
  }

  static Path planIn(Path folder) {
    return folder.resolve("plan.json");
  }

  /** Where the study has them. */
  private Path candidates(String file) {
    return path.resolve("activation_patching_results_robust").resolve(file);
  }

  private Path steps(ModelSlot slot) {
    return path.resolve("steps").resolve(slot.folderName());
  }
}
