package org.rolescope.orchestrator.view;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.rolescope.fault.FaultCode;
import org.rolescope.fault.RolescopeException;
import org.rolescope.orchestrator.artifacts.ResultsJson;
import org.rolescope.orchestrator.json.Json;
import org.rolescope.orchestrator.plan.RunId;
import org.rolescope.orchestrator.report.FinishedRun;
import org.rolescope.v1.CausalReport;
import org.rolescope.v1.InterventionResults;
import org.rolescope.v1.Model;
import org.rolescope.v1.PatchResults;
import org.rolescope.v1.PatchSite;

/**
 * Complete ablations, patches and reports on causes that lie beside the runs and are about the
 * models of one run, each by its id, in order of ids. Two models are the same where their digests
 * are.
 *
 * @param ablations of a model of the run
 * @param patches between models of the run
 * @param causes of the run itself; empty where there is no report, the last by id where there are
 *     several
 */
record RelatedWork(
    List<Found<InterventionResults>> ablations,
    List<Found<PatchResults>> patches,
    Optional<CausalReport> causes) {
  /** Copies the lists. */
  RelatedWork {
    ablations = List.copyOf(ablations);
    patches = List.copyOf(patches);
  }

  /**
   * A piece of work.
   *
   * @param id its id
   * @param results what it found
   */
  record Found<M>(String id, M results) {}

  /** Looks beside the folder of a run. */
  static RelatedWork of(FinishedRun run) {
    Path data = data(run.folder().path());
    Set<String> digests =
        run.run().models().values().stream().map(Model::getDigest).collect(Collectors.toSet());
    return new RelatedWork(
        read(
                folders(data, "interventions"),
                file -> ResultsJson.read(file, InterventionResults.newBuilder()).build())
            .filter(found -> digests.contains(found.results().getModel().getDigest()))
            .toList(),
        read(
                folders(data, "patching"),
                file -> ResultsJson.read(file, PatchResults.newBuilder()).build())
            .filter(found -> digests.contains(found.results().getSourceModel().getDigest()))
            .filter(found -> digests.contains(found.results().getTargetModel().getDigest()))
            .toList(),
        read(
                folders(data, "causes").stream()
                    .filter(folder -> isAbout(folder, run.run().id()))
                    .toList(),
                file -> ResultsJson.read(file, CausalReport.newBuilder()).build())
            .map(Found::results)
            .reduce((earlier, later) -> later));
  }

  /**
   * What changes when work is added, done again or thrown away.
   *
   * @param run folder of a run
   */
  static List<String> stamp(Path run) {
    return Stream.of("interventions", "patching", "causes")
        .flatMap(kind -> folders(data(run), kind).stream())
        .map(folder -> FileStamp.of(folder.resolve("results.json")))
        .toList();
  }

  /**
   * A sweep over all heads: that of the report on causes, else the first between the models or
   * prompts of this run.
   */
  Optional<PatchResults> sweep() {
    return causes
        .map(CausalReport::getSweep)
        .or(
            () ->
                patches.stream()
                    .map(Found::results)
                    .filter(patch -> patch.getPlan().getCandidatesCount() == 0)
                    .filter(patch -> patch.getPlan().getSite() == PatchSite.PATCH_SITE_Z)
                    .findFirst());
  }

  private static Path data(Path run) {
    return run.toAbsolutePath().normalize().getParent().resolveSibling("");
  }

  /** Folders of complete work of a kind, in order. */
  private static List<Path> folders(Path data, String kind) {
    try (Stream<Path> folders = Files.list(data.resolve(kind))) {
      return folders
          .filter(folder -> RunId.isWellFormed(folder.getFileName().toString()))
          .filter(folder -> Files.exists(folder.resolve("results.json")))
          .sorted()
          .toList();
    } catch (NoSuchFileException | NotDirectoryException none) {
      return List.of();
    } catch (IOException unreadable) {
      throw new RolescopeException(
          FaultCode.RESOURCE_EXHAUSTED,
          "Folder %s cannot be read; check its permissions".formatted(data.resolve(kind)),
          unreadable);
    }
  }

  private static <M> Stream<Found<M>> read(List<Path> folders, Function<Path, M> results) {
    return folders.stream()
        .map(
            folder ->
                new Found<>(
                    folder.getFileName().toString(),
                    results.apply(folder.resolve("results.json"))));
  }

  private static boolean isAbout(Path folder, RunId run) {
    try {
      JsonNode plan = Json.read(Files.readAllBytes(folder.resolve("plan.json")));
      return plan.path("plan").path("run_id").asText().equals(run.text());
    } catch (IOException damaged) {
      // Whoever goes on with that report is told; the run is whole without it.
      return false;
    }
  }
}
