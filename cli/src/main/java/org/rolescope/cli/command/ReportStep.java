package org.rolescope.cli.command;

import java.io.PrintWriter;
import java.nio.file.Path;
import org.rolescope.orchestrator.report.FinishedRun;
import org.rolescope.orchestrator.report.RunReport;

/**
 * Writes the report of a finished run and says where.
 *
 * @param out where to say it
 */
record ReportStep(PrintWriter out) {
  /** Writes the report of the run in one folder into another, or the same. */
  void write(Path run, Path target) {
    new RunReport(FinishedRun.read(run), target)
        .write()
        .forEach(file -> out.println("Wrote " + file));
    out.flush();
  }
}
