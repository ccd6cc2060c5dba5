package org.rolescope.orchestrator.causes;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.rolescope.orchestrator.artifacts.CausesTable;
import org.rolescope.orchestrator.artifacts.ResultsJson;
import org.rolescope.orchestrator.artifacts.TableFormat;
import org.rolescope.orchestrator.client.MetricsClient;
import org.rolescope.orchestrator.execute.Runs;
import org.rolescope.orchestrator.intervene.Interventions;
import org.rolescope.orchestrator.patch.Patching;
import org.rolescope.orchestrator.plan.RunId;
import org.rolescope.orchestrator.report.CausesPage;
import org.rolescope.orchestrator.runstore.AtomicFiles;
import org.rolescope.orchestrator.runstore.StoredRun;
import org.rolescope.orchestrator.stepwise.StepListener;
import org.rolescope.orchestrator.stepwise.WorkFolder;
import org.rolescope.orchestrator.stepwise.WorkPlan;
import org.rolescope.orchestrator.stepwise.WorkStore;
import org.rolescope.v1.Candidate;
import org.rolescope.v1.CausalReport;
import org.rolescope.v1.EntropyKind;
import org.rolescope.v1.PatchingOptions;
import org.rolescope.v1.ReportCausesRequest;

/**
 * Reports on the causes behind a comparison. Nothing is computed twice: ablations and patches keep
 * what they finish, and the report follows from that. Thread-safe.
 */
public final class Causes {
  private static final String KIND = "causes";
  private static final int DEFAULT_TOP_K = 10;
  private static final int DEFAULT_RANDOM_SETS = 200;

  private final Runs runs;
  private final WorkStore works;
  private final Ablator ablator;
  private final Patcher patcher;
  private final Scorer scorer;

  /**
   * Prepares to report.
   *
   * @param runs the comparisons
   * @param works where reports are kept
   * @param interventions ablates heads
   * @param patching patches heads
   * @param metrics scores patches
   */
  public Causes(
      Runs runs,
      WorkStore works,
      Interventions interventions,
      Patching patching,
      MetricsClient metrics) {
    this(
        runs,
        works,
        // Whoever ran the comparison has been told what verification found.
        (plan, fresh, listener) -> interventions.run(plan, fresh, true, listener),
        patching::run,
        metrics::scorePatching);
  }

  Causes(Runs runs, WorkStore works, Ablator ablator, Patcher patcher, Scorer scorer) {
    this.runs = requireNonNull(runs, "runs is null");
    this.works = requireNonNull(works, "works is null");
    this.ablator = requireNonNull(ablator, "ablator is null");
    this.patcher = requireNonNull(patcher, "patcher is null");
    this.scorer = requireNonNull(scorer, "scorer is null");
  }

  /**
   * Reports on a comparison.
   *
   * @param listener told of the steps of each part: ablations, the sweep, all candidates at once
   * @return the report; its artifacts are written
   * @throws org.rolescope.fault.RolescopeException NOT_FOUND, CONFLICT or INVALID_ARGUMENT where
   *     the run cannot be ranked, or is worked on elsewhere; what ablations and patches end with
   */
  public CausalReport report(ReportCausesRequest request, StepListener listener) {
    ReportCausesRequest asked = withDefaults(request);
    RunId runId = new RunId(asked.getRunId());
    List<Candidate> candidates =
        runs.rankCandidates(runId, asked.getTopK(), EntropyKind.ENTROPY_KIND_UNSPECIFIED)
            .getCandidatesList();
    StoredRun run = runs.stored(runId);
    CausesReport report =
        new CausesReport(
            new CausesQuestion(
                run, candidates, asked.getPairsList(), asked.getOptions(), asked.getRandomSets()),
            ablator,
            patcher,
            scorer);
    WorkPlan work =
        WorkPlan.of(
            KIND,
            run.plan().family(),
            asked.toBuilder().clearFresh().build(),
            List.copyOf(run.models().values()));
    try (WorkFolder folder = works.open(work, asked.getFresh())) {
      return keep(report.make(asked.getFresh(), listener), folder);
    }
  }

  private static ReportCausesRequest withDefaults(ReportCausesRequest request) {
    ReportCausesRequest.Builder asked = request.toBuilder();
    if (asked.getTopK() == 0) {
      asked.setTopK(DEFAULT_TOP_K);
    }
    if (asked.getRandomSets() == 0) {
      asked.setRandomSets(DEFAULT_RANDOM_SETS);
    }
    return asked.setOptions(PatchingOptions.newBuilder(request.getOptions())).build();
  }

  private static CausalReport keep(CausalReport.Builder made, WorkFolder folder) {
    List<String> artifacts = new ArrayList<>();
    for (TableFormat format : TableFormat.values()) {
      artifacts.add(
          write(
              folder,
              format.fileName("causal_candidates"),
              out -> CausesTable.of(made.getCandidatesList()).write(format, out)));
    }
    CausesPage page = new CausesPage(made.build());
    artifacts.add(write(folder, "causal_report.md", out -> text(out, page.markdown())));
    artifacts.add(write(folder, "causal_report.html", out -> text(out, page.html())));
    artifacts.add(folder.relative(folder.results()));
    CausalReport report =
        made.setFolder(folder.path().toString())
            .addAllArtifacts(artifacts.stream().sorted().toList())
            .build();
    // Where it lies is no part of what was found: the same report elsewhere has the same bytes.
    CausalReport anywhere = withoutFolders(report);
    AtomicFiles.write(folder.results(), out -> ResultsJson.write(out, anywhere));
    return report;
  }

  private static CausalReport withoutFolders(CausalReport report) {
    CausalReport.Builder anywhere = report.toBuilder().clearFolder();
    anywhere.getSweepBuilder().clearFolder().clearForwardPasses();
    return anywhere.build();
  }

  private static String write(WorkFolder folder, String name, AtomicFiles.Content content) {
    AtomicFiles.write(folder.file(name), content);
    return name;
  }

  private static void text(OutputStream out, String text) throws IOException {
    out.write(text.getBytes(StandardCharsets.UTF_8));
  }
}
