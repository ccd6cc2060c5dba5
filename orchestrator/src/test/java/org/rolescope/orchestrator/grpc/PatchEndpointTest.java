package org.rolescope.orchestrator.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grpc.Context;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rolescope.orchestrator.testing.Bench;
import org.rolescope.orchestrator.testing.LoopbackServer;
import org.rolescope.v1.OrchestratorServiceGrpc;
import org.rolescope.v1.OrchestratorServiceGrpc.OrchestratorServiceBlockingStub;
import org.rolescope.v1.PatchPlan;
import org.rolescope.v1.PatchRequest;
import org.rolescope.v1.PatchResponse;
import org.rolescope.v1.PatchResults;
import org.rolescope.v1.PromptPair;
import org.rolescope.v1.StepProgress;

/** Over TCP on the loopback interface, as a remote caller would. */
final class PatchEndpointTest {
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
  void tellsOfStepsAndThenOfResults() {
    List<PatchResponse> told = new ArrayList<>();
    stub().patch(request("What am I?")).forEachRemaining(told::add);
    List<StepProgress> steps =
        told.stream().filter(PatchResponse::hasProgress).map(PatchResponse::getProgress).toList();
    assertThat(steps).hasSize(told.size() - 1);
    assertThat(steps.getFirst().getStep()).isEmpty();
    assertThat(steps.get(1).getStep()).isEqualTo("denoising: both runs without a patch");
    assertThat(steps.get(2).getStep()).isEqualTo("denoising: layer 0, patches 1 to 2");
    assertThat(steps.getLast().getStepsDone()).isEqualTo(steps.getLast().getStepsTotal());
    PatchResults results = told.getLast().getResults();
    assertThat(results.getId()).startsWith("tiny-");
    assertThat(results.getScores().getScoresCount()).isEqualTo(6);
  }

  @Test
  void aCallerWhoGivesUpStopsTheWorkAndMayGoOn() throws Exception {
    bench.trouble().holdAfter(9);
    Context.CancellableContext context = Context.current().withCancellation();
    context.run(
        () -> {
          Iterator<PatchResponse> told = stub().patch(request("What am I?"));
          assertThat(told.next().getProgress().getStepsDone()).isZero();
          assertThat(told.next().getProgress().getStepsDone()).isEqualTo(1);
          context.cancel(null);
        });
    assertThat(bench.inference().sweepCancelled().get(30, TimeUnit.SECONDS)).isNotNull();
    bench.trouble().letGo();
    assertThat(finishWhenFree("What am I?").getScores().getScoresCount()).isEqualTo(6);
  }

  @Test
  void theSamePlanTwiceAtOnceIsRefused() {
    bench.trouble().holdAfter(9);
    Iterator<PatchResponse> first = stub().patch(request("What am I?"));
    assertThat(first.next().hasProgress()).isTrue();
    assertFails(Status.Code.ABORTED, "is under way; wait until it ends", "What am I?");
    bench.trouble().letGo();
    first.forEachRemaining(more -> {});
    finish("What am I?");
  }

  @Test
  void badPlansAreRefusedWithASentence() {
    assertFails(Status.Code.INVALID_ARGUMENT, "Pair 1 has no source prompt", " ");
  }

  private void assertFails(Status.Code code, String sentence, String prompt) {
    assertThatThrownBy(() -> finish(prompt))
        .isInstanceOfSatisfying(
            StatusRuntimeException.class,
            failed -> assertThat(failed.getStatus().getCode()).isEqualTo(code))
        .hasMessageContaining(sentence);
  }

  /** A caller who gave up is not waited for, so its lock may be held for a moment longer. */
  private PatchResults finishWhenFree(String prompt) {
    while (true) {
      try {
        return finish(prompt);
      } catch (StatusRuntimeException failed) {
        assertThat(failed.getStatus().getCode()).isEqualTo(Status.Code.ABORTED);
        Thread.onSpinWait();
      }
    }
  }

  private PatchResults finish(String prompt) {
    PatchResponse last = null;
    Iterator<PatchResponse> told = stub().patch(request(prompt));
    while (told.hasNext()) {
      last = told.next();
    }
    return last.getResults();
  }

  private static PatchRequest request(String prompt) {
    return PatchRequest.newBuilder()
        .setPlan(
            PatchPlan.newBuilder()
                .setFamily("tiny")
                .setSourceModel("tiny-base")
                .setTargetModel("tiny-instruct")
                .addPairs(PromptPair.newBuilder().setSource(prompt)))
        .build();
  }

  private OrchestratorServiceBlockingStub stub() {
    return OrchestratorServiceGrpc.newBlockingStub(server.channel())
        .withDeadlineAfter(60, TimeUnit.SECONDS);
  }
}
