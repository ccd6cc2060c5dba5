package org.rolescope.metrics.grpc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.rolescope.metrics.grpc.ScriptedMeasurement.drain;
import static org.rolescope.metrics.grpc.ScriptedMeasurement.request;
import static org.rolescope.metrics.grpc.TwoBatches.HEADS;
import static org.rolescope.metrics.grpc.TwoBatches.TOKENS;
import static org.rolescope.metrics.grpc.TwoBatches.started;

import io.grpc.Context;
import io.grpc.Context.CancellableContext;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.rolescope.metrics.entropy.EntropyKind;
import org.rolescope.metrics.entropy.LayerEntropies;
import org.rolescope.metrics.entropy.LayerMeasurement;
import org.rolescope.metrics.testing.CaptureScript;
import org.rolescope.metrics.testing.FakeInferenceService;
import org.rolescope.metrics.testing.LoopbackServer;
import org.rolescope.metrics.testing.Patterns;
import org.rolescope.metrics.testing.SeededRandom;
import org.rolescope.rpc.Address;
import org.rolescope.tensors.Axis;
import org.rolescope.tensors.TensorView;
import org.rolescope.v1.AttentionKind;
import org.rolescope.v1.CaptureResponse;
import org.rolescope.v1.HeadIntervention;
import org.rolescope.v1.Intervention;
import org.rolescope.v1.LayerRange;
import org.rolescope.v1.MeasureEntropiesRequest;
import org.rolescope.v1.MeasureEntropiesResponse;
import org.rolescope.v1.MetricsServiceGrpc;
import org.rolescope.v1.MetricsServiceGrpc.MetricsServiceBlockingStub;
import org.rolescope.v1.Tap;

/** MeasureEntropies over the wire: what is answered, and how a call ends at both ends. */
@Timeout(60)
final class MeasureEntropiesTest {
  private final Random random = SeededRandom.create();
  private final ScriptedMeasurement scripted = new ScriptedMeasurement();

  @AfterEach
  void stopEverything() {
    scripted.close();
  }

  @Test
  void layersComeInOrderWithBothKindsOfEntropy() {
    TensorView[][] layers = {batches(0), batches(1)};
    CaptureScript script = started(2);
    for (TensorView[] layer : layers) {
      script.tensor(layer[0]).tensor(layer[1]);
    }
    List<MeasureEntropiesResponse> responses = scripted.measure(script);
    assertEquals(3, responses.size());
    assertEquals(TOKENS.size(), responses.getFirst().getStarted().getPromptsCount());
    assertEquals("fake", responses.getFirst().getStarted().getModel().getName());
    for (int layer = 0; layer < 2; layer++) {
      LayerMeasurement expected = new LayerMeasurement(layer, HEADS, TOKENS);
      expected.add(layers[layer][0]);
      expected.add(layers[layer][1]);
      assertLayer(expected.finish(), responses.get(layer + 1).getLayer());
    }
  }

  @Test
  void attentionOfTheModelDecidesWhichKeysAreVisible() {
    List<Integer> tokens = List.of(4, 4, 4);
    TensorView pattern =
        Patterns.tensor(
            0, List.of(0, 1, 2), HEADS, 4, Patterns.randomBidirectional(random, 3, HEADS, 4));
    CaptureScript encoder =
        new CaptureScript()
            .started(1, HEADS, tokens, AttentionKind.ATTENTION_KIND_BIDIRECTIONAL)
            .tensor(pattern);
    LayerEntropies layer = EntropyMessages.layer(scripted.measure(encoder).getLast().getLayer());
    assertEquals(4, layer.queryCount(EntropyKind.LENGTH_NORMALISED, 0));
    CaptureScript decoder = new CaptureScript().started(1, HEADS, tokens).tensor(pattern);
    StatusRuntimeException fault =
        assertThrows(StatusRuntimeException.class, () -> scripted.measure(decoder));
    assertEquals(Status.Code.DATA_LOSS, fault.getStatus().getCode());
  }

  @Test
  void requestIsPassedOn() {
    CaptureScript script = started(8).tensor(batches(3)[0]).tensor(batches(3)[1]);
    MeasureEntropiesRequest request =
        request().toBuilder()
            .setLayers(LayerRange.newBuilder().setFirst(3).setLast(3))
            .setMaxBatchPrompts(7)
            .build();
    assertEquals(
        3, drain(scripted.stub(script).measureEntropies(request)).getLast().getLayer().getLayer());
    assertEquals("tiny", scripted.inference().request().getModel());
    assertEquals(List.of("a", "b", "c"), scripted.inference().request().getPromptsList());
    assertEquals(List.of(Tap.TAP_PATTERN), scripted.inference().request().getTapsList());
    assertEquals(request.getLayers(), scripted.inference().request().getLayers());
    assertEquals(7, scripted.inference().request().getMaxBatchPrompts());
    long leftSeconds = scripted.inference().deadline().timeRemaining(TimeUnit.SECONDS);
    assertTrue(leftSeconds <= 30, () -> "deadline in " + leftSeconds + " s");
  }

  @Test
  void valueNormsAreAskedForAndMeasured() {
    TensorView[] patterns = batches(0);
    TensorView[] norms = norms(0);
    CaptureScript script =
        started(1).tensor(norms[0]).tensor(patterns[0]).tensor(norms[1]).tensor(patterns[1]);
    MeasureEntropiesRequest request = request().toBuilder().setNormWeighted(true).build();
    List<MeasureEntropiesResponse> responses =
        drain(scripted.stub(script).measureEntropies(request));
    assertEquals(
        List.of(Tap.TAP_PATTERN, Tap.TAP_VALUE_NORM), scripted.inference().request().getTapsList());
    LayerMeasurement expected = new LayerMeasurement(0, HEADS, TOKENS);
    for (int batch = 0; batch < 2; batch++) {
      expected.addValueNorm(norms[batch]);
      expected.add(patterns[batch]);
    }
    LayerEntropies layer = expected.finish();
    assertTrue(layer.has(EntropyKind.NORM_WEIGHTED));
    assertLayer(layer, responses.getLast().getLayer());
  }

  @Test
  void interventionsArePassedOnAndTheirRowsNeedNotBeDistributions() {
    Intervention zeroOut =
        Intervention.newBuilder()
            .setLayer(0)
            .addPromptIndices(1)
            .setHeads(HeadIntervention.newBuilder().addHeads(1).setPatternScale(0))
            .build();
    TensorView[] batches = batches(0);
    MeasureEntropiesRequest request = request().toBuilder().addInterventions(zeroOut).build();
    LayerEntropies layer =
        EntropyMessages.layer(
            drain(
                    scripted
                        .stub(
                            started(1)
                                .tensor(withoutHead(batches[0], 1, 1))
                                .tensor(withoutHead(batches[1], 1, 1)))
                        .measureEntropies(request))
                .getLast()
                .getLayer());
    assertEquals(List.of(zeroOut), scripted.inference().request().getInterventionsList());
    assertEquals(0.0, layer.table(EntropyKind.EXACT).nats(1, 1));
    assertTrue(layer.table(EntropyKind.EXACT).nats(0, 1) > 0);
    scripted.assertFails(
        started(1).tensor(withoutHead(batches[0], 1, 1)).tensor(withoutHead(batches[1], 1, 1)),
        Status.Code.DATA_LOSS,
        "head 1, prompt 1");
  }

  /** The pattern with a head of one prompt at 0. */
  private static TensorView withoutHead(TensorView pattern, int head, int prompt) {
    int batchIndex = pattern.promptIndices().indexOf(prompt);
    if (batchIndex < 0) {
      return pattern;
    }
    TensorView copy = pattern.copy();
    int cell = pattern.shape().size(Axis.QUERY_POS) * pattern.shape().size(Axis.KEY_POS);
    for (int index = 0; index < cell; index++) {
      int element = (batchIndex * HEADS + head) * cell + index;
      copy.unguardedBytes().putFloat(element * Float.BYTES, 0);
    }
    return copy;
  }

  @Test
  void statusOfTheInferenceServiceIsPassedOn() {
    Status notFound = Status.NOT_FOUND.withDescription("There is no model tiny; there is demo");
    scripted.assertFails(
        new CaptureScript().fail(notFound), Status.Code.NOT_FOUND, "there is demo");
    scripted.assertFails(
        started(1).fail(Status.INTERNAL.withDescription("boom")),
        Status.Code.INTERNAL,
        "The inference service at 127.0.0.1");
  }

  @Test
  void lostConnectionIsUnavailable() {
    CaptureScript script = started(1).tensor(batches(0)[0]).fail(Status.UNAVAILABLE);
    scripted.assertFails(script, Status.Code.UNAVAILABLE, "The inference service at 127.0.0.1");
  }

  @Test
  void unreachableInferenceServiceIsUnavailable() {
    LoopbackServer stopped = new LoopbackServer(new FakeInferenceService(new CaptureScript()));
    Address address = stopped.address();
    stopped.close();
    StatusRuntimeException failed =
        assertThrows(
            StatusRuntimeException.class,
            () -> drain(scripted.stub(address).measureEntropies(request())));
    assertEquals(Status.Code.UNAVAILABLE, failed.getStatus().getCode());
    assertEquals(
        "The inference service at "
            + address
            + " cannot be reached; start it with `rolescope serve` or give its address",
        failed.getStatus().getDescription());
  }

  @Test
  void damageEndsTheCallUpstream() throws InterruptedException {
    CaptureScript script = started(1).send(CaptureResponse.getDefaultInstance()).hang();
    scripted.assertFails(script, Status.Code.DATA_LOSS, "is empty");
    assertTrue(scripted.inference().awaitEnd());
  }

  @Test
  void cancellationStopsTheCallUpstream() throws InterruptedException {
    CaptureScript script = started(2).tensor(batches(0)[0]).hang();
    MetricsServiceBlockingStub stub = scripted.stub(script);
    CancellableContext context = Context.current().withCancellation();
    context.run(() -> stub.measureEntropies(request()).next());
    context.cancel(null);
    assertTrue(scripted.inference().awaitEnd());
  }

  @Test
  void deadlineStopsTheCallUpstream() throws InterruptedException {
    MetricsServiceBlockingStub stub =
        scripted.stub(started(2).hang()).withDeadlineAfter(500, TimeUnit.MILLISECONDS);
    StatusRuntimeException failed =
        assertThrows(StatusRuntimeException.class, () -> drain(stub.measureEntropies(request())));
    assertEquals(Status.Code.DEADLINE_EXCEEDED, failed.getStatus().getCode());
    assertTrue(scripted.inference().awaitEnd());
  }

  /** Nothing is buffered but what the transports hold: a slow reader stops the producer. */
  @Test
  void slowReaderSlowsTheProducer() throws InterruptedException {
    int heads = 2048;
    int layers = 150;
    List<Integer> prompts = List.of(0, 1, 2);
    CaptureScript script = new CaptureScript().started(layers, heads, List.of(4, 4, 4));
    float[] pattern = Patterns.random(random, prompts.size(), heads, 4);
    for (int layer = 0; layer < layers; layer++) {
      script.tensor(Patterns.tensor(layer, prompts, heads, 4, pattern));
    }
    SlowReader reader = new SlowReader();
    MetricsServiceGrpc.newStub(scripted.stub(script).getChannel())
        .withDeadlineAfter(50, TimeUnit.SECONDS)
        .measureEntropies(request(), reader);
    int sentWhileWaiting = settled();
    assertTrue(sentWhileWaiting < layers, () -> sentWhileWaiting + " messages were sent");
    assertEquals(layers + 1, reader.readAll());
  }

  private int settled() throws InterruptedException {
    int before = 0;
    int now = scripted.inference().sent();
    while (now == 0 || now != before) {
      before = now;
      Thread.sleep(500);
      now = scripted.inference().sent();
    }
    return now;
  }

  private static void assertLayer(LayerEntropies expected, org.rolescope.v1.LayerEntropies actual) {
    assertEquals(expected.layer(), actual.getLayer());
    assertEquals(HEADS, actual.getHeadCount());
    assertEquals(TOKENS, actual.getQueryCountsList());
    assertTrue(actual.getTablesCount() >= 2);
    assertEquals(expected, EntropyMessages.layer(actual));
  }

  private TensorView[] batches(int layer) {
    return TwoBatches.patterns(random, layer);
  }

  private TensorView[] norms(int layer) {
    return TwoBatches.norms(random, layer);
  }
}
