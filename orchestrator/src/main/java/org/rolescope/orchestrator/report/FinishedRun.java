package org.rolescope.orchestrator.report;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.rolescope.fault.FaultCode;
import org.rolescope.fault.RolescopeException;
import org.rolescope.orchestrator.artifacts.ResultsJson;
import org.rolescope.orchestrator.json.Json;
import org.rolescope.orchestrator.plan.ModelSlot;
import org.rolescope.orchestrator.runstore.RunFolder;
import org.rolescope.orchestrator.runstore.RunStore;
import org.rolescope.orchestrator.runstore.StoredRun;
import org.rolescope.v1.RoleOptions;
import org.rolescope.v1.RunResults;

/**
 * A complete run, read from its folder wherever that lies.
 *
 * @param run plan and models
 * @param folder where its files lie
 * @param results what was found
 * @param software what made it, as {@code experiment_config.json} has it
 */
public record FinishedRun(StoredRun run, RunFolder folder, RunResults results, JsonNode software) {
  /** Checks that everything is there. */
  public FinishedRun {
    requireNonNull(run, "run is null");
    requireNonNull(folder, "folder is null");
    requireNonNull(results, "results is null");
    requireNonNull(software, "software is null");
  }

  /**
   * Reads a run.
   *
   * @param path its folder
   * @throws RolescopeException NOT_FOUND where there is no run or it is not complete, DATA_LOSS
   *     where its files are damaged
   */
  public static FinishedRun read(Path path) {
    StoredRun run =
        RunStore.readFolder(path)
            .orElseThrow(
                () ->
                    missing(
                        "There is no run in %s; give the id of a run below --data, or its folder"
                            .formatted(path)));
    RunFolder folder = new RunFolder(path, run.plan().family());
    if (!Files.exists(folder.results())) {
      throw missing(
          "Run %s is not complete, so there is nothing to report; start the same plan again to finish it"
              .formatted(run.id()));
    }
    return new FinishedRun(run, folder, ResultsJson.read(folder.results()), software(folder));
  }

  /** Whether two models were compared. */
  public boolean compares() {
    return results.hasComparison();
  }

  /** The options that made the results, with every default filled in. */
  public RoleOptions options() {
    return compares() ? results.getComparison().getOptions() : results.getRoles().getOptions();
  }

  private static JsonNode software(RunFolder folder) {
    Path file = folder.configuration(ModelSlot.RUN);
    try {
      return Json.read(Files.readAllBytes(file)).path("software");
    } catch (IOException damaged) {
      throw new RolescopeException(
          FaultCode.DATA_LOSS,
          "%s is damaged or missing; start the run afresh to measure again".formatted(file),
          damaged);
    }
  }

  private static RolescopeException missing(String sentence) {
    return new RolescopeException(FaultCode.NOT_FOUND, sentence);
  }
}
