package org.rolescope.orchestrator.intervene;

import static java.util.Objects.requireNonNull;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.rolescope.orchestrator.artifacts.ActivationsJson;
import org.rolescope.orchestrator.artifacts.InterventionConfigJson;
import org.rolescope.orchestrator.artifacts.InterventionTable;
import org.rolescope.orchestrator.artifacts.ResultsJson;
import org.rolescope.orchestrator.artifacts.Software;
import org.rolescope.orchestrator.artifacts.TableFormat;
import org.rolescope.orchestrator.runstore.AtomicFiles;
import org.rolescope.orchestrator.runstore.Checkpoint;
import org.rolescope.v1.InterventionEffect;
import org.rolescope.v1.InterventionResults;
import org.rolescope.v1.NamedIntervention;

/**
 * What an ablation run leaves for people.
 *
 * @param work the run
 */
record AblationArtifacts(AblationWork work) {
  AblationArtifacts {
    requireNonNull(work, "work is null");
  }

  /**
   * Writes the files of one intervention.
   *
   * @param first the first layer it changes
   */
  void write(NamedIntervention named, int first, InterventionEffect effect) {
    String name = named.getName();
    AtomicFiles.write(
        folder().activations(name),
        out ->
            ActivationsJson.write(
                out,
                work.model(),
                work.plan().promptSet(),
                work.started(),
                new EntropySteps(work).layers(name, first)));
    AtomicFiles.write(
        folder().configuration(name),
        out ->
            InterventionConfigJson.write(
                out,
                folder().work().id().text(),
                named,
                work.plan(),
                work.started(),
                Software.current()));
    AtomicFiles.write(folder().effects(name), out -> ResultsJson.write(out, effect));
  }

  /** Writes the table of all interventions, and behind it the results, which end the work. */
  void writeAll() {
    AtomicFiles.write(
        folder().table(), out -> InterventionTable.of(effects()).write(TableFormat.CSV, out));
    AtomicFiles.write(folder().work().results(), out -> ResultsJson.write(out, results()));
  }

  private InterventionResults results() {
    return InterventionResults.newBuilder()
        .setId(folder().work().id().text())
        .setModel(work.model())
        .setOptions(work.options())
        .addAllEffects(effects())
        .addAllArtifacts(artifacts())
        .build();
  }

  private List<InterventionEffect> effects() {
    return work.plan().interventions().stream()
        .map(each -> Checkpoint.read(folder().effect(each.getName()), InterventionEffect.parser()))
        .toList();
  }

  private List<String> artifacts() {
    Stream<Path> each =
        work.plan().interventions().stream()
            .map(NamedIntervention::getName)
            .flatMap(
                name ->
                    Stream.of(
                        folder().activations(name),
                        folder().configuration(name),
                        folder().effects(name)));
    return Stream.concat(each, Stream.of(folder().table(), folder().work().results()))
        .map(folder().work()::relative)
        .sorted()
        .toList();
  }

  private InterventionFolder folder() {
    return work.folder();
  }
}
