package org.rolescope.orchestrator.execute;

import static java.util.Objects.requireNonNull;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.rolescope.orchestrator.artifacts.TableFormat;
import org.rolescope.orchestrator.plan.ModelSlot;
import org.rolescope.orchestrator.runstore.RunFolder;
import org.rolescope.orchestrator.runstore.StoredRun;

/**
 * The steps of a run, each with its file.
 *
 * @param run plan and models
 * @param folder where the files lie
 */
record Steps(StoredRun run, RunFolder folder) {
  Steps {
    requireNonNull(run, "run is null");
    requireNonNull(folder, "folder is null");
  }

  /** Every step, in the order of doing. */
  List<Step> all() {
    List<Step> steps = new ArrayList<>();
    for (ModelSlot slot : run.models().keySet()) {
      steps.addAll(entropies(slot));
      steps.addAll(patterns(slot));
      steps.add(activations(slot));
      steps.add(configuration(slot));
    }
    if (run.plan().compares()) {
      steps.add(comparison());
      steps.add(comparisonTable());
      steps.addAll(ranking());
    } else {
      steps.add(roles());
    }
    for (RunTable table : RunTable.values()) {
      for (TableFormat format : TableFormat.values()) {
        steps.add(table(table, format));
      }
    }
    steps.add(results());
    return steps;
  }

  /** How many are done. */
  int doneCount() {
    return (int) all().stream().filter(Step::isDone).count();
  }

  /** A step for each layer. */
  List<Step> entropies(ModelSlot slot) {
    return layers(slot)
        .mapToObj(layer -> step(slot, "entropies of layer " + layer, folder.entropies(slot, layer)))
        .toList();
  }

  /** A step for each layer; none where the plan leaves patterns out. */
  List<Step> patterns(ModelSlot slot) {
    return run.plan().skipRawPatterns()
        ? List.of()
        : layers(slot)
            .mapToObj(
                layer -> step(slot, "patterns of layer " + layer, folder.patterns(slot, layer)))
            .toList();
  }

  Step activations(ModelSlot slot) {
    return step(slot, "activations.json", folder.activations(slot));
  }

  Step configuration(ModelSlot slot) {
    return step(slot, "experiment_config.json", folder.configuration(slot));
  }

  Step comparison() {
    return new Step("comparison", folder.comparison());
  }

  Step comparisonTable() {
    return new Step("detailed_comparison.csv", folder.comparisonTable());
  }

  /** The ranking, its table and its summary; none where the plan has too few prompts to pair. */
  List<Step> ranking() {
    return run.plan().ranksHeads()
        ? List.of(candidates(), candidateTable(), candidateSummary())
        : List.of();
  }

  Step candidates() {
    return new Step("candidates", folder.candidates());
  }

  Step candidateTable() {
    return new Step(folder.candidateTable().getFileName().toString(), folder.candidateTable());
  }

  Step candidateSummary() {
    return new Step(folder.candidateSummary().getFileName().toString(), folder.candidateSummary());
  }

  Step roles() {
    return new Step("roles", folder.roles());
  }

  Step table(RunTable table, TableFormat format) {
    String name = table.fileName(format);
    return new Step("tables/" + name, folder.table(name));
  }

  Step results() {
    return new Step("results.json", folder.results());
  }

  private IntStream layers(ModelSlot slot) {
    return IntStream.range(0, run.model(slot).getLayerCount());
  }

  private Step step(ModelSlot slot, String words, Path file) {
    return new Step(run.model(slot).getName() + ": " + words, file);
  }
}
