package org.rolescope.cli.command;

import java.io.PrintWriter;
import java.util.Iterator;
import org.rolescope.cli.output.CausesOutput;
import org.rolescope.cli.output.Progress;
import org.rolescope.cli.services.Connection;
import org.rolescope.v1.CausalReport;
import org.rolescope.v1.OrchestratorServiceGrpc;
import org.rolescope.v1.ReportCausesRequest;
import org.rolescope.v1.ReportCausesResponse;
import org.rolescope.v1.StepProgress;

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
    Iterator<ReportCausesResponse> events =
        OrchestratorServiceGrpc.newBlockingStub(connection.channel())
            .withMaxInboundMessageSize(MAX_REPORT_BYTES)
            .reportCauses(request);
    CausalReport report = CausalReport.getDefaultInstance();
    try (Progress progress = Progress.on(err, "Patching")) {
      while (events.hasNext()) {
        ReportCausesResponse event = events.next();
        StepProgress step = event.getProgress();
        if (event.hasProgress()) {
          progress.update(step.getStepsDone(), step.getStepsTotal(), step.getStep());
        } else {
          report = event.getReport();
        }
      }
    }
    return report;
  }
}
