package org.rolescope.cli.command;

import io.grpc.StatusRuntimeException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.stream.Stream;
import org.rolescope.cli.output.ParityNotice;
import org.rolescope.cli.output.Progress;
import org.rolescope.cli.output.RunReport;
import org.rolescope.cli.services.Connection;
import org.rolescope.fault.FaultCode;
import org.rolescope.fault.RolescopeException;
import org.rolescope.v1.GetModelRequest;
import org.rolescope.v1.GetRunRequest;
import org.rolescope.v1.GetRunResponse;
import org.rolescope.v1.InferenceServiceGrpc;
import org.rolescope.v1.OrchestratorServiceGrpc;
import org.rolescope.v1.OrchestratorServiceGrpc.OrchestratorServiceBlockingStub;
import org.rolescope.v1.Run;
import org.rolescope.v1.RunPlan;
import org.rolescope.v1.RunResults;
import org.rolescope.v1.RunState;
import org.rolescope.v1.StartRunRequest;
import org.rolescope.v1.WatchRunRequest;
import org.rolescope.v1.WatchRunResponse;

/** Starts a run, shows how it goes on, and prints what it found. */
final class RunDriver {
  private static final String ORCHESTRATOR = "orchestrator";

  /** Results grow with layers and heads: those of a 70B model take about 3 MB. */
  private static final int MAX_RESULT_BYTES = 64 << 20;

  private final PrintWriter out;
  private final PrintWriter err;

  RunDriver(PrintWriter out, PrintWriter err) {
    this.out = out;
    this.err = err;
  }

  void run(RunPlan plan, RunOptions options, Path data) {
    try (Connection connection = options.connect(data)) {
      run(connection, plan, options);
    }
  }

  /**
   * The same over a connection that stays the caller's.
   *
   * @param connection leads to the orchestrator of the options
   * @return the run and what it found
   */
  GetRunResponse run(Connection connection, RunPlan plan, RunOptions options) {
    OrchestratorServiceBlockingStub stub = stub(connection);
    StartRunRequest request =
        StartRunRequest.newBuilder().setPlan(plan).setFresh(options.fresh()).build();
    Run started = connection.call(ORCHESTRATOR, () -> stub.startRun(request)).getRun();
    if (options.orchestrator() == null) {
      warnAtOnce(connection, models(plan));
    }
    if (started.getState() == RunState.RUN_STATE_COMPLETE) {
      out.println("This was measured before; showing what was found (--fresh measures again).");
    } else {
      connection.call(ORCHESTRATOR, () -> watch(stub, started.getId()));
    }
    GetRunResponse result = show(connection, started.getId());
    if (options.orchestrator() != null) {
      warnOfRecorded(result.getResults());
    }
    return result;
  }

  /** Prints what a run found, starting nothing. */
  GetRunResponse show(Connection connection, String runId) {
    GetRunResponse result =
        connection.call(
            ORCHESTRATOR,
            () -> stub(connection).getRun(GetRunRequest.newBuilder().setRunId(runId).build()));
    new RunReport(out).print(result);
    return result;
  }

  private static OrchestratorServiceBlockingStub stub(Connection connection) {
    return OrchestratorServiceGrpc.newBlockingStub(connection.channel())
        .withMaxInboundMessageSize(MAX_RESULT_BYTES);
  }

  private static List<String> models(RunPlan plan) {
    return Stream.of(plan.getBaseModel(), plan.getInstructModel())
        .filter(name -> !name.isEmpty())
        .toList();
  }

  /** With all services at hand, warns of what the models are now, before anything is measured. */
  private void warnAtOnce(Connection connection, List<String> models) {
    for (String model : models) {
      GetModelRequest request = GetModelRequest.newBuilder().setName(model).build();
      new ParityNotice(err)
          .print(
              connection
                  .call(
                      "inference service",
                      () ->
                          InferenceServiceGrpc.newBlockingStub(connection.channel())
                              .getModel(request))
                  .getModel());
    }
  }

  /** A remote orchestrator only tells what the models were when they were measured. */
  private void warnOfRecorded(RunResults results) {
    ParityNotice notice = new ParityNotice(err);
    notice.print(results.getBaseModel());
    if (results.hasInstructModel()) {
      notice.print(results.getInstructModel());
    }
  }

  private Run watch(OrchestratorServiceBlockingStub stub, String runId)
      throws StatusRuntimeException {
    Iterator<WatchRunResponse> events =
        stub.watchRun(WatchRunRequest.newBuilder().setRunId(runId).build());
    Run last = Run.getDefaultInstance();
    try (Progress progress = Progress.on(err, "Measuring")) {
      while (events.hasNext()) {
        WatchRunResponse event = events.next();
        last = event.getRun();
        progress.update(last.getStepsDone(), last.getStepsTotal(), event.getStep());
      }
    }
    if (last.getState() != RunState.RUN_STATE_COMPLETE) {
      throw new RolescopeException(
          FaultCode.INTERNAL,
          last.getFailure().isEmpty()
              ? "Run %s was interrupted; start it again and it goes on where it stopped"
                  .formatted(runId)
              : last.getFailure());
    }
    return last;
  }
}
