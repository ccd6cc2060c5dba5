package org.rolescope.orchestrator.grpc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.grpc.Context;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import org.rolescope.orchestrator.client.InterventionPlanMessage;
import org.rolescope.orchestrator.testing.AblationPlans;
import org.rolescope.orchestrator.testing.Bench;
import org.rolescope.orchestrator.testing.FakeModel;
import org.rolescope.orchestrator.testing.LoopbackServer;
import org.rolescope.v1.EntropyKind;
import org.rolescope.v1.GetRunRequest;
import org.rolescope.v1.GetRunResponse;
import org.rolescope.v1.InterveneRequest;
import org.rolescope.v1.InterveneResponse;
import org.rolescope.v1.InterventionResults;
import org.rolescope.v1.ListRunsRequest;
import org.rolescope.v1.OrchestratorServiceGrpc;
import org.rolescope.v1.OrchestratorServiceGrpc.OrchestratorServiceBlockingStub;
import org.rolescope.v1.Parity;
import org.rolescope.v1.PromptCategory;
import org.rolescope.v1.PromptSet;
import org.rolescope.v1.RankCandidatesResponse;
import org.rolescope.v1.RankRunCandidatesRequest;
import org.rolescope.v1.RoleOptions;
import org.rolescope.v1.Run;
import org.rolescope.v1.RunPlan;
import org.rolescope.v1.RunState;
import org.rolescope.v1.StartRunRequest;
import org.rolescope.v1.WatchRunRequest;
import org.rolescope.v1.WatchRunResponse;

/** Over TCP on the loopback interface, as a remote caller would. */
final class OrchestratorEndpointTest {
  @TempDir private Path root;
  private Bench bench;
  private LoopbackServer server;

  @BeforeEach
  void start() {
    bench = new Bench(root);
    server = new LoopbackServer(bench.endpoint());
  }

  @AfterEach
  void stop() {
    bench.close();
    server.close();
  }

  @Test
  void runsAPlanToItsResults() {
    bench.trouble().holdAfter(0);
    Run begun = stub().startRun(request(plan())).getRun();
    assertEquals(RunState.RUN_STATE_RUNNING, begun.getState());
    assertTrue(begun.getId().startsWith("tiny-"), begun.getId());
    assertEquals(root.resolve(begun.getId()).toString(), begun.getFolder());
    assertFalse(getRun(begun.getId()).hasResults());
    Iterator<WatchRunResponse> watch = watch(begun.getId());
    WatchRunResponse first = watch.next();
    assertEquals("", first.getStep());
    bench.trouble().letGo();
    List<String> steps = new ArrayList<>();
    watch.forEachRemaining(event -> steps.add(event.getStep()));
    assertEquals("tiny-base: entropies of layer 0", steps.getFirst());
    assertEquals("results.json", steps.get(steps.size() - 2));
    assertEquals("", steps.getLast());
    GetRunResponse got = getRun(begun.getId());
    assertEquals(RunState.RUN_STATE_COMPLETE, got.getRun().getState());
    assertEquals(got.getRun().getStepsTotal(), got.getRun().getStepsDone());
    assertEquals("made up", got.getResults().getComparison().getVerdict());
    assertEquals(7, got.getResults().getComparison().getOptions().getSeed());
    assertEquals(
        EntropyKind.ENTROPY_KIND_SINK_EXCLUDED,
        got.getResults().getComparison().getOptions().getEntropy());
    assertEquals(
        List.of(got.getRun()), stub().listRuns(ListRunsRequest.getDefaultInstance()).getRunsList());
  }

  @Test
  void headsOfARunAreRanked() {
    String id = stub().startRun(request(plan())).getRun().getId();
    watch(id).forEachRemaining(event -> {});
    RankCandidatesResponse ranking =
        stub()
            .rankRunCandidates(
                RankRunCandidatesRequest.newBuilder().setRunId(id).setTopK(2).build())
            .getRanking();
    assertEquals(2, ranking.getCandidatesCount());
    assertEquals("tiny", ranking.getOptions().getModelFamily());
    assertFails(
        Status.Code.INVALID_ARGUMENT,
        "is no run id",
        () -> stub().rankRunCandidates(RankRunCandidatesRequest.getDefaultInstance()));
  }

  @Test
  void anAblationPlanIsDoneWhileItsCallerWaits() {
    InterveneRequest request =
        InterveneRequest.newBuilder()
            .setPlan(InterventionPlanMessage.of(AblationPlans.several()))
            .build();
    List<InterveneResponse> messages = new ArrayList<>();
    stub().intervene(request).forEachRemaining(messages::add);
    assertEquals(12, messages.size());
    assertEquals("", messages.getFirst().getProgress().getStep());
    assertEquals(10, messages.getFirst().getProgress().getStepsTotal());
    InterventionResults results = messages.getLast().getResults();
    assertEquals(3, results.getEffectsCount());
    assertEquals("tiny-base", results.getModel().getName());
    assertEquals(2000, results.getOptions().getBootstrapResamples());
    assertFails(
        Status.Code.INVALID_ARGUMENT,
        "has no interventions",
        () ->
            stub()
                .intervene(
                    request.toBuilder()
                        .setPlan(request.getPlan().toBuilder().clearInterventions())
                        .build())
                .next());
  }

  @Test
  void givingUpAnAblationStopsIt() {
    InterveneRequest request =
        InterveneRequest.newBuilder()
            .setPlan(InterventionPlanMessage.of(AblationPlans.several()))
            .build();
    bench.trouble().holdAfter(0);
    Context.CancellableContext context = Context.current().withCancellation();
    context.run(
        () -> {
          assertEquals("", stub().intervene(request).next().getProgress().getStep());
          while (bench.metrics().requests().isEmpty()) {
            Thread.onSpinWait();
          }
          context.cancel(null);
        });
    Optional<Iterator<InterveneResponse>> again = Optional.empty();
    while (again.isEmpty()) {
      again = unlessUnderWay(request);
    }
    bench.trouble().letGo();
    InterveneResponse last = InterveneResponse.getDefaultInstance();
    while (again.get().hasNext()) {
      last = again.get().next();
    }
    assertEquals(3, last.getResults().getEffectsCount());
    assertEquals(5, bench.metrics().requests().size(), "the first call measured once and stopped");
  }

  /** Nothing while the cancelled call still holds the folder. */
  private Optional<Iterator<InterveneResponse>> unlessUnderWay(InterveneRequest request) {
    try {
      Iterator<InterveneResponse> messages = stub().intervene(request);
      messages.next();
      return Optional.of(messages);
    } catch (StatusRuntimeException underWay) {
      assertEquals(Status.Code.ABORTED, underWay.getStatus().getCode());
      return Optional.empty();
    }
  }

  @Test
  void aRunTellsItsPlan() {
    String id = stub().startRun(request(plan())).getRun().getId();
    watch(id).forEachRemaining(event -> {});
    RunPlan plan = getRun(id).getPlan();
    assertEquals("tiny-instruct", plan.getInstructModel());
    assertEquals(PlanMessages.plan(plan().build()), PlanMessages.plan(plan));
  }

  @Test
  void givingUpWatchingDoesNotStopTheRun() {
    bench.trouble().holdAfter(0);
    String id = stub().startRun(request(plan())).getRun().getId();
    Context.CancellableContext context = Context.current().withCancellation();
    context.run(
        () -> {
          watch(id).next();
          context.cancel(null);
        });
    Iterator<WatchRunResponse> other = watch(id);
    bench.trouble().letGo();
    WatchRunResponse last = other.next();
    while (other.hasNext()) {
      last = other.next();
    }
    assertEquals(RunState.RUN_STATE_COMPLETE, last.getRun().getState());
  }

  @Test
  void aFailureIsToldInOneSentence() {
    bench.trouble().failAfter(2);
    String id = stub().startRun(request(plan())).getRun().getId();
    List<WatchRunResponse> events = new ArrayList<>();
    watch(id).forEachRemaining(events::add);
    assertEquals(RunState.RUN_STATE_FAILED, events.getLast().getRun().getState());
    assertTrue(events.getLast().getRun().getFailure().contains("cut on purpose"));
    assertFalse(getRun(id).hasResults());
  }

  @Test
  void badRequestsAreRefusedWithASentence() {
    assertFails(
        Status.Code.INVALID_ARGUMENT,
        "Family name",
        () -> stub().startRun(request(plan().setFamily("../up"))));
    assertFails(
        Status.Code.INVALID_ARGUMENT,
        "names no model",
        () -> stub().startRun(request(plan().clearBaseModel())));
    assertFails(
        Status.Code.INVALID_ARGUMENT,
        "no name",
        () -> stub().startRun(request(plan().clearPromptSet())));
    assertFails(
        Status.Code.NOT_FOUND,
        "There is no model none",
        () -> stub().startRun(request(plan().setBaseModel("none"))));
    assertFails(Status.Code.INVALID_ARGUMENT, "is no run id", () -> getRun("../../etc"));
    assertFails(Status.Code.INVALID_ARGUMENT, "is no run id", () -> watch("..").next());
    assertFails(Status.Code.NOT_FOUND, "There is no run", () -> watch("tiny-0123456789ab").next());
  }

  @Test
  void aWrongModelIsRefusedUnlessThePlanAcceptsIt() {
    bench
        .models()
        .put(new FakeModel("tiny-base", "b".repeat(64), Bench.LAYERS, 2, Parity.PARITY_WRONG));
    assertFails(
        Status.Code.FAILED_PRECONDITION,
        "tiny-base computes something else",
        () -> stub().startRun(request(plan())));
    String id = stub().startRun(request(plan().setAcceptWrongParity(true))).getRun().getId();
    watch(id).forEachRemaining(event -> {});
    assertEquals(Parity.PARITY_WRONG, getRun(id).getResults().getBaseModel().getParity());
  }

  @Test
  void freshIsAbortedWhileTheRunIsUnderWay() {
    bench.trouble().holdAfter(0);
    stub().startRun(request(plan()));
    assertFails(
        Status.Code.ABORTED,
        "is under way",
        () -> stub().startRun(request(plan()).toBuilder().setFresh(true).build()));
  }

  private OrchestratorServiceBlockingStub stub() {
    return OrchestratorServiceGrpc.newBlockingStub(server.channel())
        .withDeadlineAfter(30, TimeUnit.SECONDS);
  }

  private Iterator<WatchRunResponse> watch(String id) {
    return stub().watchRun(WatchRunRequest.newBuilder().setRunId(id).build());
  }

  private GetRunResponse getRun(String id) {
    return stub().getRun(GetRunRequest.newBuilder().setRunId(id).build());
  }

  private static StartRunRequest request(RunPlan.Builder plan) {
    return StartRunRequest.newBuilder().setPlan(plan).build();
  }

  private static RunPlan.Builder plan() {
    PromptSet.Builder prompts = PromptSet.newBuilder().setName("short");
    for (String category : List.of("self_referent", "confounder", "neutral")) {
      prompts.addCategories(
          PromptCategory.newBuilder().setName(category).addPrompts("What is " + category + "?"));
    }
    return RunPlan.newBuilder()
        .setFamily("tiny")
        .setBaseModel("tiny-base")
        .setInstructModel("tiny-instruct")
        .setPromptSet(prompts)
        .setOptions(
            RoleOptions.newBuilder().setSeed(7).setEntropy(EntropyKind.ENTROPY_KIND_SINK_EXCLUDED));
  }

  private static void assertFails(Status.Code code, String words, Executable action) {
    StatusRuntimeException failed = assertThrows(StatusRuntimeException.class, action);
    assertEquals(code, failed.getStatus().getCode(), failed.getMessage());
    assertTrue(failed.getMessage().contains(words), failed.getMessage());
  }
}
