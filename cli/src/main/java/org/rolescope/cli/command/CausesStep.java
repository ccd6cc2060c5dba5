package org.rolescope.cli.command;

import java.io.PrintWriter;
import java.util.Iterator;
import java.util.Optional;
import org.rolescope.cli.output.CausesOutput;
import org.rolescope.cli.services.Connection;
import org.rolescope.v1.CausalReport;
import org.rolescope.v1.OrchestratorServiceGrpc;
import org.rolescope.v1.ReportCausesRequest;
import org.rolescope.v1.ReportCausesResponse;

/** Has the report on causes made, shows how that goes on, and prints it. */
final class CausesStep {
  private static final String ORCHESTRATOR = "orchestrator";

  /** A report grows with heads times pairs: 1,024 heads on 100 pairs take about 4 MB. */
  private static final int MAX_REPORT_BYTES = 64 << 20;

  private final PrintWriter out;
  private final PrintWriter err;

  CausesStep(PrintWriter out, PrintWriter err) {
    this.out = out;
    this.err = err;
  }

  /** Makes and prints the report. */
  CausalReport report(Connection connection, ReportCausesRequest request) {
    CausalReport report = connection.call(ORCHESTRATOR, () -> follow(connection, request));
    new CausesOutput(out).print(report);
    return report;
  }

  private CausalReport follow(Connection connection, ReportCausesRequest request) {
    Iterator<ReportCausesResponse> messages =
        OrchestratorServiceGrpc.newBlockingStub(connection.channel())
            .withMaxInboundMessageSize(MAX_REPORT_BYTES)
            .reportCauses(request);
    return new StepStream(err, "Patching")
        .last(
            messages,
            message ->
                message.hasProgress() ? Optional.of(message.getProgress()) : Optional.empty())
        .getReport();
  }
}
