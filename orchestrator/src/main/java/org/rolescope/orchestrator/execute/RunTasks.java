package org.rolescope.orchestrator.execute;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.rolescope.orchestrator.artifacts.ActivationsJson;
import org.rolescope.orchestrator.artifacts.CandidateSummaryJson;
import org.rolescope.orchestrator.artifacts.CandidateTable;
import org.rolescope.orchestrator.artifacts.ComparisonTable;
import org.rolescope.orchestrator.artifacts.ControlTable;
import org.rolescope.orchestrator.artifacts.ExperimentConfigJson;
import org.rolescope.orchestrator.artifacts.HeadTable;
import org.rolescope.orchestrator.artifacts.LayerTable;
import org.rolescope.orchestrator.artifacts.ModelPart;
import org.rolescope.orchestrator.artifacts.PromptTable;
import org.rolescope.orchestrator.artifacts.ResultsJson;
import org.rolescope.orchestrator.artifacts.Software;
import org.rolescope.orchestrator.artifacts.Table;
import org.rolescope.orchestrator.artifacts.TableFormat;
import org.rolescope.orchestrator.client.CandidateOptionsMessage;
import org.rolescope.orchestrator.client.RoleOptionsMessage;
import org.rolescope.orchestrator.plan.ModelSlot;
import org.rolescope.orchestrator.runstore.Checkpoint;
import org.rolescope.orchestrator.runstore.RunFolder;
import org.rolescope.orchestrator.runstore.StoredRun;
import org.rolescope.v1.CompareModelsResponse;
import org.rolescope.v1.EntropyKind;
import org.rolescope.v1.LayerEntropies;
import org.rolescope.v1.LayerPair;
import org.rolescope.v1.RankCandidatesResponse;
import org.rolescope.v1.RoleOptions;
import org.rolescope.v1.RunResults;
import org.rolescope.v1.SummarizeRolesResponse;

/**
 * The tasks of a run. Each reads what the ones before it left on disk, never what they had in
 * memory, so that it makes no difference where a run was cut.
 *
 * @param steps the steps they do
 * @param services who measures
 */
record RunTasks(Steps steps, MeasuringServices services) {
  /** How many candidates the published tables have. */
  private static final int STUDY_TOP_K = 10;

  RunTasks {
    requireNonNull(steps, "steps is null");
    requireNonNull(services, "services is null");
  }

  /** All tasks, in order. */
  List<Task> all() {
    List<Task> tasks = new ArrayList<>();
    run().models().keySet().forEach(slot -> tasks.addAll(measure(slot)));
    if (run().plan().compares()) {
      tasks.add(new FileTask(steps.comparison(), out -> compare().writeTo(out)));
      tasks.add(
          new FileTask(
              steps.comparisonTable(), out -> ComparisonTable.write(out, storedComparison())));
      tasks.addAll(ranking());
    } else {
      tasks.add(new FileTask(steps.roles(), out -> summarize().writeTo(out)));
    }
    for (RunTable table : RunTable.values()) {
      for (TableFormat format : TableFormat.values()) {
        tasks.add(new FileTask(steps.table(table, format), out -> table(table).write(format, out)));
      }
    }
    tasks.add(new FileTask(steps.results(), out -> ResultsJson.write(out, results())));
    return tasks;
  }

  /** The candidates as the study gives them: so many, by its entropy. */
  private List<Task> ranking() {
    if (!run().plan().ranksHeads()) {
      return List.of();
    }
    return List.of(
        new FileTask(
            steps.candidates(),
            out -> rank(STUDY_TOP_K, EntropyKind.ENTROPY_KIND_REFERENCE).writeTo(out)),
        new FileTask(steps.candidateTable(), out -> CandidateTable.write(out, storedCandidates())),
        new FileTask(
            steps.candidateSummary(), out -> CandidateSummaryJson.write(out, storedCandidates())));
  }

  private Table<?> table(RunTable table) {
    return switch (table) {
      case LAYERS -> LayerTable.of(results());
      case HEADS -> HeadTable.of(results());
      case CONTROLS -> ControlTable.of(results());
      case PROMPTS -> PromptTable.of(sources(), run().plan().promptSet().categoryOfEachPrompt());
    };
  }

  private List<PromptTable.Source> sources() {
    boolean compared = run().plan().compares();
    return run().models().keySet().stream()
        .map(slot -> new PromptTable.Source(ModelPart.of(slot, compared), () -> layers(slot)))
        .toList();
  }

  private List<Task> measure(ModelSlot slot) {
    Measurement measurement = new Measurement(run(), slot, folder());
    return List.of(
        new EntropyTask(measurement, steps.entropies(slot), services.metrics()),
        new PatternTask(
            measurement, steps.patterns(slot), services.inference(), services.maxLayerBytes()),
        new FileTask(steps.activations(slot), out -> writeActivations(out, measurement)),
        new FileTask(
            steps.configuration(slot),
            out ->
                ExperimentConfigJson.write(
                    out, run(), slot, Software.current(), measurement.started())));
  }

  private void writeActivations(OutputStream out, Measurement measurement) throws IOException {
    ActivationsJson.write(
        out,
        measurement.model(),
        run().plan().promptSet(),
        measurement.started(),
        layers(measurement.slot()).iterator());
  }

  private CompareModelsResponse compare() {
    return services.metrics().compareModels(options(), pairs());
  }

  /**
   * Ranks the heads of both models from the entropies on disk.
   *
   * @param topK how many to give; 0: all
   * @param entropy kind of entropy the ranking rests on
   */
  RankCandidatesResponse rank(int topK, EntropyKind entropy) {
    return services
        .metrics()
        .rankCandidates(CandidateOptionsMessage.of(run().plan(), topK, entropy), pairs());
  }

  private Iterator<LayerPair> pairs() {
    Iterator<LayerEntropies> base = layers(ModelSlot.BASE).iterator();
    return layers(ModelSlot.RUN)
        .map(instruct -> LayerPair.newBuilder().setBase(base.next()).setInstruct(instruct).build())
        .iterator();
  }

  private SummarizeRolesResponse summarize() {
    return services.metrics().summarizeRoles(options(), layers(ModelSlot.RUN).iterator());
  }

  private RunResults results() {
    RunResults.Builder results = RunResults.newBuilder();
    if (run().plan().compares()) {
      results
          .setBaseModel(run().model(ModelSlot.BASE))
          .setInstructModel(run().model(ModelSlot.RUN))
          .setComparison(storedComparison());
    } else {
      results
          .setBaseModel(run().model(ModelSlot.RUN))
          .setRoles(Checkpoint.read(folder().roles(), SummarizeRolesResponse.parser()));
    }
    return results.addAllArtifacts(artifacts()).build();
  }

  /** Every file that is meant for people, relative to the folder of the run, sorted. */
  private List<String> artifacts() {
    Path checkpoints = folder().path().resolve("steps");
    return steps.all().stream()
        .map(Step::file)
        .filter(file -> !file.startsWith(checkpoints))
        .map(folder()::relative)
        .sorted()
        .toList();
  }

  private CompareModelsResponse storedComparison() {
    return Checkpoint.read(folder().comparison(), CompareModelsResponse.parser());
  }

  private RankCandidatesResponse storedCandidates() {
    return Checkpoint.read(folder().candidates(), RankCandidatesResponse.parser());
  }

  /** Entropies of every layer, each read from disk when its turn comes. */
  private Stream<LayerEntropies> layers(ModelSlot slot) {
    return IntStream.range(0, run().model(slot).getLayerCount())
        .mapToObj(layer -> folder().entropies(slot, layer))
        .map(file -> Checkpoint.read(file, LayerEntropies.parser()));
  }

  private RoleOptions options() {
    return RoleOptionsMessage.of(run().plan());
  }

  private StoredRun run() {
    return steps.run();
  }

  private RunFolder folder() {
    return steps.folder();
  }
}
