package org.rolescope.cli.command;

import java.io.PrintWriter;
import java.util.Iterator;
import java.util.Optional;
import org.rolescope.cli.output.InterventionReport;
import org.rolescope.cli.output.ParityNotice;
import org.rolescope.cli.services.Connection;
import org.rolescope.v1.InterveneRequest;
import org.rolescope.v1.InterveneResponse;
import org.rolescope.v1.InterventionPlan;
import org.rolescope.v1.InterventionResults;
import org.rolescope.v1.OrchestratorServiceGrpc;

/** Has a plan of ablations done, shows how it goes on, and prints what was found. */
final class InterventionDriver {
  /** A hundred interventions on a 70B model take about 3 MB. */
  private static final int MAX_RESULT_BYTES = 64 << 20;

  private final PrintWriter out;
  private final PrintWriter err;

  InterventionDriver(PrintWriter out, PrintWriter err) {
    this.out = out;
    this.err = err;
  }

  /**
   * Runs a plan.
   *
   * @param connection leads to the orchestrator of the options
   */
  void run(Connection connection, InterventionPlan plan, RunOptions options) {
    InterveneRequest request =
        InterveneRequest.newBuilder().setPlan(plan).setFresh(options.fresh()).build();
    InterventionResults results =
        connection.call("orchestrator", () -> follow(connection, request));
    new ParityNotice(err).print(results.getModel());
    new InterventionReport(out).print(results);
  }

  private InterventionResults follow(Connection connection, InterveneRequest request) {
    Iterator<InterveneResponse> messages =
        OrchestratorServiceGrpc.newBlockingStub(connection.channel())
            .withMaxInboundMessageSize(MAX_RESULT_BYTES)
            .intervene(request);
    return new StepStream(err, "Ablating")
        .last(
            messages,
            message ->
                message.hasProgress() ? Optional.of(message.getProgress()) : Optional.empty())
        .getResults();
  }
}
