package org.rolescope.cli.command;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import org.rolescope.fault.FaultCode;
import org.rolescope.fault.RolescopeException;
import org.rolescope.v1.GetRunRequest;
import org.rolescope.v1.ListRunsRequest;
import org.rolescope.v1.OrchestratorServiceGrpc.OrchestratorServiceBlockingStub;
import org.rolescope.v1.Run;
import org.rolescope.v1.RunState;

/**
 * The run a user means, by id, folder or family.
 *
 * @param id id of the run; empty: the one finished comparison of the family
 * @param family family name; empty: any
 * @param data folder of models and runs
 */
record RunChoice(String id, String family, Path data) {
  private static final String RUNS = "runs";

  /**
   * Makes a choice.
   *
   * @param run id or folder of a run, or null
   * @param family its family, or null
   * @param data folder of models and runs, where the run is named by id or family
   * @throws RolescopeException INVALID_ARGUMENT where neither is named, or a folder holds no run
   */
  static RunChoice of(String run, String family, Path data) {
    String wanted = family == null ? "" : family;
    if (run == null) {
      if (wanted.isEmpty()) {
        throw invalid("No run is named; give its id or folder, or its family with --family");
      }
      return new RunChoice("", wanted, data);
    }
    Path folder = Path.of(run).toAbsolutePath().normalize();
    if (!Files.isDirectory(folder)) {
      return new RunChoice(run, wanted, data);
    }
    Path store = folder.getParent();
    if (!Files.exists(folder.resolve("plan.json")) || !store.endsWith(RUNS)) {
      throw invalid(
          "Folder %s is no run; name one that holds a plan.json and lies in a folder `runs`"
              .formatted(run));
    }
    return new RunChoice(folder.getFileName().toString(), wanted, store.getParent());
  }

  /**
   * The id of the run.
   *
   * @throws RolescopeException NOT_FOUND where the family has no finished comparison,
   *     INVALID_ARGUMENT where it has several, or the run is of another family
   */
  String find(OrchestratorServiceBlockingStub stub) {
    if (id.isEmpty()) {
      return onlyComparison(stub);
    }
    Run run = stub.getRun(GetRunRequest.newBuilder().setRunId(id).build()).getRun();
    if (!family.isEmpty() && !run.getFamily().equals(family)) {
      throw invalid(
          "Run %s is of family %s, not %s; name one of the two only"
              .formatted(id, run.getFamily(), family));
    }
    return id;
  }

  private String onlyComparison(OrchestratorServiceBlockingStub stub) {
    List<Run> all = stub.listRuns(ListRunsRequest.getDefaultInstance()).getRunsList();
    List<String> found =
        all.stream()
            .filter(run -> run.getFamily().equals(family))
            .filter(run -> run.getState() == RunState.RUN_STATE_COMPLETE)
            .map(Run::getId)
            .filter(run -> compares(stub, run))
            .toList();
    if (found.isEmpty()) {
      throw new RolescopeException(
          FaultCode.NOT_FOUND,
          "There is no finished comparison of family %s (families with runs: %s); compare two models with --family %s first"
              .formatted(family, families(all), family));
    }
    if (found.size() > 1) {
      throw invalid(
          "Family %s has %d finished comparisons; name one of %s"
              .formatted(family, found.size(), String.join(", ", found)));
    }
    return found.getFirst();
  }

  private static boolean compares(OrchestratorServiceBlockingStub stub, String run) {
    return stub.getRun(GetRunRequest.newBuilder().setRunId(run).build())
        .getResults()
        .hasComparison();
  }

  private static String families(List<Run> runs) {
    return runs.isEmpty()
        ? "none"
        : runs.stream().map(Run::getFamily).distinct().collect(Collectors.joining(", "));
  }

  private static RolescopeException invalid(String message) {
    return new RolescopeException(FaultCode.INVALID_ARGUMENT, message);
  }
}
