package org.rolescope.cli.command;

import java.nio.file.Files;
import java.util.List;
import java.util.stream.Stream;
import org.rolescope.cli.services.Connection;
import org.rolescope.fault.FaultCode;
import org.rolescope.fault.RolescopeException;
import org.rolescope.orchestrator.grpc.PlanMessages;
import org.rolescope.orchestrator.plan.RunId;
import org.rolescope.tensors.bundle.BundleManifest;
import org.rolescope.tensors.bundle.json.ManifestJson;
import org.rolescope.v1.ListRunsRequest;
import org.rolescope.v1.OrchestratorServiceGrpc;
import org.rolescope.v1.RunPlan;
import org.rolescope.v1.RunState;

/**
 * Finds what was measured by a plan, without starting anything: the id of a run follows from its
 * plan and the digests of its models.
 *
 * @param data where the models are
 */
record EarlierRun(DataOptions data) {
  /**
   * The id of the complete run of a plan.
   *
   * @throws RolescopeException NOT_FOUND where there is none
   */
  String of(RunPlan plan, Connection connection) {
    List<String> models =
        Stream.of(plan.getBaseModel(), plan.getInstructModel())
            .filter(name -> !name.isEmpty())
            .toList();
    for (String model : models) {
      if (!Files.exists(data.model(model).resolve(BundleManifest.FILE_NAME))) {
        throw nothing(plan, "there is no model %s in %s".formatted(model, data.folder()));
      }
    }
    String id =
        RunId.of(
                PlanMessages.plan(plan),
                models.stream()
                    .map(model -> ManifestJson.read(data.model(model)).digest())
                    .toList())
            .text();
    if (!isComplete(id, connection)) {
      throw nothing(plan, "there is no complete run %s".formatted(id));
    }
    return id;
  }

  private static boolean isComplete(String id, Connection connection) {
    return connection
        .call(
            "orchestrator",
            () ->
                OrchestratorServiceGrpc.newBlockingStub(connection.channel())
                    .listRuns(ListRunsRequest.getDefaultInstance()))
        .getRunsList()
        .stream()
        .anyMatch(run -> run.getId().equals(id) && run.getState() == RunState.RUN_STATE_COMPLETE);
  }

  private static RolescopeException nothing(RunPlan plan, String reason) {
    return new RolescopeException(
        FaultCode.NOT_FOUND,
        "Family %s was not measured with these options (%s); run it once without --skip-analysis"
            .formatted(plan.getFamily(), reason));
  }
}
