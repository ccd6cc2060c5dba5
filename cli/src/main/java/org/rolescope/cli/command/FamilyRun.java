package org.rolescope.cli.command;

import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.rolescope.cli.family.DiskSpace;
import org.rolescope.cli.family.Family;
import org.rolescope.cli.family.FoundModel;
import org.rolescope.cli.family.Machine;
import org.rolescope.cli.family.ModelFinder;
import org.rolescope.cli.family.ModelNeeds;
import org.rolescope.cli.family.Workload;
import org.rolescope.cli.output.CandidateReport;
import org.rolescope.cli.output.DownloadProgress;
import org.rolescope.cli.output.NeedsTable;
import org.rolescope.cli.output.Progress;
import org.rolescope.cli.services.Connection;
import org.rolescope.cli.services.WeightMemory;
import org.rolescope.export.hub.HubProgress;
import org.rolescope.export.hub.HubSnapshot;
import org.rolescope.v1.EntropyKind;
import org.rolescope.v1.GetRunResponse;
import org.rolescope.v1.RunPlan;

/** The steps of {@code rolescope run}, from checkpoints to a report and figures. */
final class FamilyRun {
  private static final int SHOWN_CANDIDATES = 10;

  private final PrintWriter out;
  private final PrintWriter err;
  private final DataOptions data;
  private final RunOptions options;

  FamilyRun(PrintWriter out, PrintWriter err, DataOptions data, RunOptions options) {
    this.out = out;
    this.err = err;
    this.data = data;
    this.options = options;
  }

  /** Prints what the models need, which is also returned. */
  List<ModelNeeds> announce(List<FoundModel> models, RunPlan plan, boolean verifies) {
    Machine machine =
        new Machine(Runtime.getRuntime().availableProcessors(), WeightMemory.budgetBytes());
    Workload work = Workload.of(plan, verifies ? ModelSteps.verifiedPrompts() : List.of());
    List<ModelNeeds> needs =
        models.stream().map(model -> ModelNeeds.of(model, work, machine)).toList();
    new NeedsTable(out).print(needs, work, machine, DiskSpace.freeBytes(data.folder()));
    return needs;
  }

  /** Checks that the disks have room for everything. */
  void checkDisk(List<ModelNeeds> needs) {
    DiskSpace disks = new DiskSpace();
    for (ModelNeeds needed : needs) {
      FoundModel model = needed.model();
      disks.need(data.folder(), needed.bundleBytes() + needed.resultBytes());
      model.snapshot().ifPresent(snapshot -> disks.need(snapshot.folder(), model.missingBytes()));
    }
    disks.check();
  }

  /** Gets, exports and, where asked to, verifies the models. */
  void prepare(List<FoundModel> models, ModelFinder finder, boolean verifies, boolean overwrite) {
    ModelSteps steps = new ModelSteps(out, data, options.device());
    for (FoundModel model : models) {
      steps.export(model.name(), folder(model, finder), overwrite);
    }
    if (verifies) {
      try (Progress progress = Progress.on(err, "Verifying")) {
        steps.verify(models.stream().map(FoundModel::name).toList(), progress);
      }
    }
  }

  private Path folder(FoundModel model, ModelFinder finder) {
    if (model.snapshot().isEmpty()) {
      return finder.get(model, HubProgress.silent());
    }
    HubSnapshot snapshot = model.snapshot().get();
    Path folder;
    try (DownloadProgress progress = DownloadProgress.on(err, model.name(), snapshot)) {
      folder = finder.get(model, progress);
    }
    out.printf(
        "%s %s at commit %s%n",
        snapshot.isCached() ? "In the cache:" : "Fetched",
        model.source().text(),
        snapshot.commit());
    return folder;
  }

  /** Looks at the models of a family. */
  List<FoundModel> find(Family family, ModelFinder finder) {
    try (DownloadProgress progress = DownloadProgress.lines(err)) {
      return finder.find(family, progress);
    }
  }

  /**
   * Measures by each plan, or finds what was measured, and prints it.
   *
   * @param measures false: to start nothing
   * @param reports whether to write reports and figures
   */
  void measure(List<RunPlan> plans, boolean measures, boolean reports) {
    RunDriver driver = new RunDriver(out, err);
    try (Connection connection = options.connect(data.folder())) {
      for (RunPlan plan : plans) {
        GetRunResponse run =
            measures
                ? driver.run(connection, plan, options)
                : driver.show(connection, new EarlierRun(data).of(plan, connection));
        if (isRanked(run)) {
          rank(connection, run.getRun().getId());
        }
        if (reports) {
          report(run);
        }
      }
    }
  }

  private void rank(Connection connection, String runId) {
    out.println();
    new CandidateReport(out)
        .print(
            new RankStep(connection)
                .rank(
                    new RunChoice(runId, "", data.folder()),
                    SHOWN_CANDIDATES,
                    EntropyKind.ENTROPY_KIND_UNSPECIFIED));
  }

  private void report(GetRunResponse run) {
    Path folder = Path.of(run.getRun().getFolder());
    if (Files.isDirectory(folder)) {
      new ReportStep(out).write(folder, folder);
      FiguresStep figures = new FiguresStep(out);
      figures.count(figures.write(folder, folder, null, List.of()), folder);
    } else {
      out.printf(
          "Run %s lies on another machine; write its report and figures there: rolescope report %s and rolescope figures %s%n",
          run.getRun().getId(), run.getRun().getId(), run.getRun().getId());
    }
  }

  /** Whether a run has ranked its heads: only one with enough prompts to pair has. */
  static boolean isRanked(GetRunResponse run) {
    return run.getResults().getArtifactsList().stream()
        .anyMatch(artifact -> artifact.startsWith("activation_patching_results_robust/"));
  }
}
