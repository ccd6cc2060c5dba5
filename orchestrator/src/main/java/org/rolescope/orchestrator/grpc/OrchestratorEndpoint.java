package org.rolescope.orchestrator.grpc;

import static java.util.Objects.requireNonNull;

import io.grpc.stub.StreamObserver;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Executor;
import org.rolescope.orchestrator.causes.Causes;
import org.rolescope.orchestrator.execute.RunEvent;
import org.rolescope.orchestrator.execute.RunStatus;
import org.rolescope.orchestrator.execute.RunWatch;
import org.rolescope.orchestrator.execute.Runs;
import org.rolescope.orchestrator.intervene.Interventions;
import org.rolescope.orchestrator.patch.Patching;
import org.rolescope.orchestrator.plan.InterventionPlan;
import org.rolescope.orchestrator.plan.RunId;
import org.rolescope.rpc.PacedObserver;
import org.rolescope.v1.GetRunRequest;
import org.rolescope.v1.GetRunResponse;
import org.rolescope.v1.InterveneRequest;
import org.rolescope.v1.InterveneResponse;
import org.rolescope.v1.ListRunsRequest;
import org.rolescope.v1.ListRunsResponse;
import org.rolescope.v1.OrchestratorServiceGrpc;
import org.rolescope.v1.PatchRequest;
import org.rolescope.v1.PatchResponse;
import org.rolescope.v1.RankCandidatesResponse;
import org.rolescope.v1.RankRunCandidatesRequest;
import org.rolescope.v1.RankRunCandidatesResponse;
import org.rolescope.v1.ReportCausesRequest;
import org.rolescope.v1.ReportCausesResponse;
import org.rolescope.v1.StartRunRequest;
import org.rolescope.v1.StartRunResponse;
import org.rolescope.v1.WatchRunRequest;
import org.rolescope.v1.WatchRunResponse;

/**
 * The orchestrator service over gRPC. Only converts. Needs the server to have {@link
 * org.rolescope.rpc.FaultInterceptor}.
 */
public final class OrchestratorEndpoint
    extends OrchestratorServiceGrpc.OrchestratorServiceImplBase {
  // How long a watcher that has given up may go unnoticed while its run has nothing to tell.
  private static final Duration LOOK_UP = Duration.ofMillis(500);

  private final Runs runs;
  private final Patching patching;
  private final Executor watchers;
  private final Interventions interventions;
  private final Causes causes;

  /**
   * Serves these runs.
   *
   * @param interventions does ablations
   * @param patching patches
   * @param causes reports on causes
   * @param watchers waits for events, a thread each watcher, and does the work of streams; stays
   *     the caller's
   */
  public OrchestratorEndpoint(
      Runs runs, Interventions interventions, Patching patching, Causes causes, Executor watchers) {
    this.runs = requireNonNull(runs, "runs is null");
    this.patching = requireNonNull(patching, "patching is null");
    this.watchers = requireNonNull(watchers, "watchers is null");
    this.interventions = requireNonNull(interventions, "interventions is null");
    this.causes = requireNonNull(causes, "causes is null");
  }

  @Override
  public void startRun(StartRunRequest request, StreamObserver<StartRunResponse> observer) {
    RunStatus status =
        runs.start(
            PlanMessages.plan(request.getPlan()),
            request.getFresh(),
            request.getPlan().getAcceptWrongParity());
    observer.onNext(StartRunResponse.newBuilder().setRun(RunMessages.run(status)).build());
    observer.onCompleted();
  }

  @Override
  public void watchRun(WatchRunRequest request, StreamObserver<WatchRunResponse> observer) {
    PacedObserver<WatchRunResponse> paced = new PacedObserver<>(observer);
    RunWatch watch = runs.watch(new RunId(request.getRunId()));
    watchers.execute(() -> follow(watch, paced));
  }

  @Override
  public void getRun(GetRunRequest request, StreamObserver<GetRunResponse> observer) {
    RunStatus status = runs.status(new RunId(request.getRunId()));
    GetRunResponse.Builder response = GetRunResponse.newBuilder().setRun(RunMessages.run(status));
    runs.results(status).ifPresent(response::setResults);
    response.setPlan(PlanMessages.message(runs.stored(status.id()).plan()));
    observer.onNext(response.build());
    observer.onCompleted();
  }

  @Override
  public void listRuns(ListRunsRequest request, StreamObserver<ListRunsResponse> observer) {
    ListRunsResponse.Builder response = ListRunsResponse.newBuilder();
    runs.list().stream().map(RunMessages::run).forEach(response::addRuns);
    observer.onNext(response.build());
    observer.onCompleted();
  }

  @Override
  public void rankRunCandidates(
      RankRunCandidatesRequest request, StreamObserver<RankRunCandidatesResponse> observer) {
    RankCandidatesResponse ranking =
        runs.rankCandidates(new RunId(request.getRunId()), request.getTopK(), request.getEntropy());
    observer.onNext(RankRunCandidatesResponse.newBuilder().setRanking(ranking).build());
    observer.onCompleted();
  }

  @Override
  public void intervene(InterveneRequest request, StreamObserver<InterveneResponse> observer) {
    InterventionPlan plan = PlanMessages.plan(request.getPlan());
    new StreamedWork<InterveneResponse>(
            watchers, step -> InterveneResponse.newBuilder().setProgress(step).build())
        .serve(
            observer,
            steps ->
                InterveneResponse.newBuilder()
                    .setResults(
                        interventions.run(
                            plan,
                            request.getFresh(),
                            request.getPlan().getAcceptWrongParity(),
                            steps))
                    .build());
  }

  @Override
  public void patch(PatchRequest request, StreamObserver<PatchResponse> observer) {
    new StreamedWork<PatchResponse>(
            watchers, step -> PatchResponse.newBuilder().setProgress(step).build())
        .serve(
            observer,
            steps ->
                PatchResponse.newBuilder()
                    .setResults(patching.run(request.getPlan(), request.getFresh(), steps))
                    .build());
  }

  @Override
  public void reportCauses(
      ReportCausesRequest request, StreamObserver<ReportCausesResponse> observer) {
    new StreamedWork<ReportCausesResponse>(
            watchers, step -> ReportCausesResponse.newBuilder().setProgress(step).build())
        .serve(
            observer,
            steps ->
                ReportCausesResponse.newBuilder().setReport(causes.report(request, steps)).build());
  }

  private static void follow(RunWatch watch, PacedObserver<WatchRunResponse> observer) {
    try (watch) {
      boolean ended = false;
      while (!ended && !observer.isCancelled()) {
        Optional<RunEvent> event = watch.next(LOOK_UP);
        event.map(RunMessages::event).ifPresent(observer::send);
        ended = event.filter(RunEvent.Ended.class::isInstance).isPresent();
      }
      observer.complete();
    } catch (RuntimeException failed) {
      observer.fail(failed);
    }
  }
}
