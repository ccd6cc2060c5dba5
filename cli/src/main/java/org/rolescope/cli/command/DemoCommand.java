package org.rolescope.cli.command;

import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.rolescope.cli.output.Progress;
import org.rolescope.cli.services.Connection;
import org.rolescope.cli.services.TcpServer;
import org.rolescope.fault.FaultCode;
import org.rolescope.fault.RolescopeException;
import org.rolescope.v1.GetRunResponse;
import org.rolescope.v1.ReportCausesRequest;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code rolescope demo}. */
@Command(
    name = "demo",
    mixinStandardHelpOptions = true,
    header = "Measure the demo pair that comes with Rolescope.",
    description = {
      "From checkpoint to table: export, tensors over gRPC, entropies, RFC and RSI,",
      "base against instruct. Then serves the dashboard until it is stopped."
    })
public final class DemoCommand implements Callable<Integer> {
  private static final String BASE = "demo-base";
  private static final String INSTRUCT = "demo-instruct";
  private static final TcpServer.Bind ANY_PORT = new TcpServer.Bind("127.0.0.1", 0);

  @Spec private CommandSpec spec;
  @Mixin private DataOptions data;
  @Mixin private PlanOptions plan;
  @Mixin private RunOptions run;

  @Option(
      names = "--demo-models",
      paramLabel = "DIR",
      description = "Folder with the checkpoints base/ and instruct/ (default: those shipped).")
  private Path demoModels;

  @Option(
      names = "--no-serve",
      description =
          "End when all is measured, without serving the dashboard; so it is where there is no "
              + "terminal or another orchestrator does the run.")
  private boolean noServe;

  /** Picocli creates commands. */
  public DemoCommand() {}

  @Override
  public Integer call() throws InterruptedException {
    PrintWriter out = out();
    Path checkpoints = checkpoints();
    ModelSteps steps = new ModelSteps(out, data, run.device());
    steps.export(BASE, checkpoints.resolve("base"), true);
    steps.export(INSTRUCT, checkpoints.resolve("instruct"), true);
    try (Progress nobody = Progress.silent()) {
      steps.verify(List.of(BASE, INSTRUCT), nobody);
    }
    PrintWriter err = spec.commandLine().getErr();
    try (Connection connection = run.connect(data.folder())) {
      GetRunResponse measured =
          new RunDriver(out, err).run(connection, plan.plan("demo", BASE, INSTRUCT), run);
      if (FamilyRun.isRanked(measured)) {
        askForCauses(connection, measured, err);
      }
    }
    if (!noServe && run.orchestrator() == null) {
      show();
    }
    return 0;
  }

  private void show() throws InterruptedException {
    DashboardStep dashboard = new DashboardStep(out());
    out().println();
    if (DashboardStep.isWatched()) {
      dashboard.serve(ANY_PORT, data.folder(), run.device().settings(), false);
    } else {
      out().printf("To see it: rolescope dashboard --data %s%n", data.folder());
    }
  }

  /** Which heads tell a question about the model from one about somebody else. */
  private void askForCauses(Connection connection, GetRunResponse measured, PrintWriter err) {
    out().println();
    new CausesStep(out(), err)
        .report(
            connection,
            ReportCausesRequest.newBuilder()
                .setRunId(measured.getRun().getId())
                .addAllPairs(PatchedPairOptions.read(shipped("identity-pairs.json")))
                .setFresh(run.fresh())
                .build());
  }

  private PrintWriter out() {
    return spec.commandLine().getOut();
  }

  private Path checkpoints() {
    if (demoModels != null) {
      return demoModels;
    }
    Path shipped = shipped("demo-models");
    if (!Files.isDirectory(shipped)) {
      throw new RolescopeException(
          FaultCode.NOT_FOUND,
          "The demo models are not at %s; name their folder with --demo-models".formatted(shipped));
    }
    return shipped;
  }

  private static Path shipped(String example) {
    return FamilyOptions.home().resolve("examples").resolve(example);
  }
}
