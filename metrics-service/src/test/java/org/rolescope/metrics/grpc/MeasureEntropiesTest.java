package org.rolescope.metrics.grpc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.grpc.Context;
import io.grpc.Context.CancellableContext;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.rolescope.metrics.client.InferenceClient;
import org.rolescope.metrics.entropy.EntropyKind;
import org.rolescope.metrics.entropy.LayerEntropies;
import org.rolescope.metrics.entropy.LayerMeasurement;
import org.rolescope.metrics.testing.CaptureScript;
import org.rolescope.metrics.testing.FakeInferenceService;
import org.rolescope.metrics.testing.LoopbackServer;
import org.rolescope.metrics.testing.Patterns;
import org.rolescope.metrics.testing.SeededRandom;
import org.rolescope.rpc.Address;
import org.rolescope.tensors.TensorView;
import org.rolescope.v1.AttentionKind;
import org.rolescope.v1.CaptureResponse;
import org.rolescope.v1.LayerRange;
import org.rolescope.v1.MeasureEntropiesRequest;
import org.rolescope.v1.MeasureEntropiesResponse;
import org.rolescope.v1.MetricsServiceGrpc;
import org.rolescope.v1.MetricsServiceGrpc.MetricsServiceBlockingStub;
import org.rolescope.v1.Tap;

@Timeout(60)
final class MeasureEntropiesTest {
  private static final int HEADS = 3;
  private static final List<Integer> TOKENS = List.of(4, 6, 4);
  private static final long MAX_TENSOR_BYTES = 1 << 20;

  private final Random random = SeededRandom.create();
  private final List<AutoCloseable> open = new ArrayList<>();
  private FakeInferenceService inference;

  @AfterEach
  void stopEverything() throws Exception {
    for (AutoCloseable closeable : open.reversed()) {
      closeable.close();
    }
  }

  @Test
  void layersComeInOrderWithBothKindsOfEntropy() {
    TensorView[][] layers = {batches(0), batches(1)};
    CaptureScript script = started(2);
    for (TensorView[] layer : layers) {
      script.tensor(layer[0]).tensor(layer[1]);
    }
    List<MeasureEntropiesResponse> responses = measure(script);
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
    LayerEntropies layer = EntropyMessages.layer(measure(encoder).getLast().getLayer());
    assertEquals(4, layer.queryCount(EntropyKind.LENGTH_NORMALISED, 0));
    CaptureScript decoder = new CaptureScript().started(1, HEADS, tokens).tensor(pattern);
    StatusRuntimeException fault =
        assertThrows(StatusRuntimeException.class, () -> measure(decoder));
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
    assertEquals(3, drain(stub(script).measureEntropies(request)).getLast().getLayer().getLayer());
    assertEquals("tiny", inference.request().getModel());
    assertEquals(List.of("a", "b", "c"), inference.request().getPromptsList());
    assertEquals(List.of(Tap.TAP_PATTERN), inference.request().getTapsList());
    assertEquals(request.getLayers(), inference.request().getLayers());
    assertEquals(7, inference.request().getMaxBatchPrompts());
    long leftSeconds = inference.deadline().timeRemaining(TimeUnit.SECONDS);
    assertTrue(leftSeconds <= 30, () -> "deadline in " + leftSeconds + " s");
  }

  @Test
  void valueNormsAreAskedForAndMeasured() {
    TensorView[] patterns = batches(0);
    TensorView[] norms = norms(0);
    CaptureScript script =
        started(1).tensor(norms[0]).tensor(patterns[0]).tensor(norms[1]).tensor(patterns[1]);
    MeasureEntropiesRequest request = request().toBuilder().setNormWeighted(true).build();
    List<MeasureEntropiesResponse> responses = drain(stub(script).measureEntropies(request));
    assertEquals(List.of(Tap.TAP_PATTERN, Tap.TAP_VALUE_NORM), inference.request().getTapsList());
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
  void missingValueNormsAreDataLoss() {
    CaptureScript script = started(1).tensor(batches(0)[0]).tensor(batches(0)[1]);
    MeasureEntropiesRequest request = request().toBuilder().setNormWeighted(true).build();
    StatusRuntimeException failed =
        assertThrows(
            StatusRuntimeException.class, () -> drain(stub(script).measureEntropies(request)));
    assertEquals(Status.Code.DATA_LOSS, failed.getStatus().getCode());
    assertEquals(
        "The tensor stream is damaged in layer 0: value norms are missing; run it again",
        failed.getStatus().getDescription());
  }

  @Test
  void valueNormsNobodyAskedForAreDataLoss() {
    CaptureScript script =
        started(1)
            .tensor(norms(0)[0])
            .tensor(batches(0)[0])
            .tensor(norms(0)[1])
            .tensor(batches(0)[1]);
    assertFails(script, Status.Code.DATA_LOSS, "value norms came that nobody asked for");
  }

  @Test
  void indicesThatAreNotThoseOfTheBatchAreDataLoss() {
    CaptureScript script =
        started(1).tensor(batches(0)[0], header -> header.toBuilder().addPromptIndices(1).build());
    assertFails(script, Status.Code.DATA_LOSS, "has a batch of 2 but 3 prompt indices");
  }

  @Test
  void missingPromptIsDataLoss() {
    CaptureScript script = started(2).tensor(batches(0)[0]).tensor(batches(1)[0]);
    assertFails(script, Status.Code.DATA_LOSS, "in layer 0: prompt 1 is missing");
  }

  @Test
  void repeatedPromptIsDataLoss() {
    CaptureScript script = started(1).tensor(batches(0)[0]).tensor(batches(0)[0]);
    assertFails(script, Status.Code.DATA_LOSS, "prompt 0 came twice");
  }

  @Test
  void missingLayerIsDataLoss() {
    CaptureScript script = started(2).tensor(batches(0)[0]).tensor(batches(0)[1]);
    assertFails(script, Status.Code.DATA_LOSS, "it ended before layer 1");
  }

  @Test
  void skippedLayerIsDataLoss() {
    CaptureScript script =
        started(3).tensor(batches(0)[0]).tensor(batches(0)[1]).tensor(batches(2)[0]);
    assertFails(script, Status.Code.DATA_LOSS, "layer 2 comes where layer 1 was expected");
  }

  @Test
  void layerTooManyIsDataLoss() {
    CaptureScript script =
        started(1).tensor(batches(0)[0]).tensor(batches(0)[1]).tensor(batches(1)[0]);
    assertFails(script, Status.Code.DATA_LOSS, "layer 1 comes where");
  }

  @Test
  void wrongChecksumIsDataLoss() {
    CaptureScript script =
        started(1)
            .tensor(
                batches(0)[0],
                header -> header.toBuilder().setCrc32C(header.getCrc32C() + 1).build());
    assertFails(script, Status.Code.DATA_LOSS, "the checksum of tensor pattern differs");
  }

  @Test
  void cutTensorIsDataLoss() {
    CaptureScript script = started(1).tensor(batches(0)[0]).withoutLast();
    assertFails(script, Status.Code.DATA_LOSS, "the stream ended after 0 of");
  }

  @Test
  void streamWithoutStartIsDataLoss() {
    assertFails(new CaptureScript(), Status.Code.DATA_LOSS, "it ended before it began");
    assertFails(
        new CaptureScript().tensor(batches(0)[0]), Status.Code.DATA_LOSS, "before the start");
    assertFails(started(1).started(1, HEADS, TOKENS), Status.Code.DATA_LOSS, "it starts twice");
    assertFails(
        started(1).send(CaptureResponse.getDefaultInstance()), Status.Code.DATA_LOSS, "is empty");
  }

  @Test
  void otherNumberOfPromptsIsDataLoss() {
    CaptureScript script = new CaptureScript().started(1, HEADS, List.of(4));
    assertFails(script, Status.Code.DATA_LOSS, "3 prompts were sent but 1 tokenised");
  }

  @Test
  void rowThatIsNoDistributionIsDataLoss() {
    float[] pattern = Patterns.random(random, 2, HEADS, 4);
    pattern[4 * 4 * HEADS + 4 * 4] = 0.5f;
    CaptureScript script = started(1).tensor(Patterns.tensor(0, List.of(0, 2), HEADS, 4, pattern));
    assertFails(script, Status.Code.DATA_LOSS, "layer 0, head 1, prompt 2 is damaged");
  }

  @Test
  void tensorOverTheLimitIsResourceExhausted() {
    float[] pattern = new float[1 << 19];
    CaptureScript script = started(1).tensor(Patterns.tensor(0, List.of(0), 1 << 11, 16, pattern));
    assertFails(script, Status.Code.RESOURCE_EXHAUSTED, "more than the limit of 1048576");
  }

  @Test
  void statusOfTheInferenceServiceIsPassedOn() {
    Status notFound = Status.NOT_FOUND.withDescription("There is no model tiny; there is demo");
    assertFails(new CaptureScript().fail(notFound), Status.Code.NOT_FOUND, "there is demo");
    assertFails(
        started(1).fail(Status.INTERNAL.withDescription("boom")),
        Status.Code.INTERNAL,
        "The inference service at 127.0.0.1");
  }

  @Test
  void lostConnectionIsUnavailable() {
    CaptureScript script = started(1).tensor(batches(0)[0]).fail(Status.UNAVAILABLE);
    assertFails(script, Status.Code.UNAVAILABLE, "The inference service at 127.0.0.1");
  }

  @Test
  void unreachableInferenceServiceIsUnavailable() {
    LoopbackServer stopped = new LoopbackServer(new FakeInferenceService(new CaptureScript()));
    Address address = stopped.address();
    stopped.close();
    StatusRuntimeException failed =
        assertThrows(
            StatusRuntimeException.class, () -> drain(stub(address).measureEntropies(request())));
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
    assertFails(script, Status.Code.DATA_LOSS, "is empty");
    assertTrue(inference.awaitEnd());
  }

  @Test
  void cancellationStopsTheCallUpstream() throws InterruptedException {
    CaptureScript script = started(2).tensor(batches(0)[0]).hang();
    MetricsServiceBlockingStub stub = stub(script);
    CancellableContext context = Context.current().withCancellation();
    context.run(() -> stub.measureEntropies(request()).next());
    context.cancel(null);
    assertTrue(inference.awaitEnd());
  }

  @Test
  void deadlineStopsTheCallUpstream() throws InterruptedException {
    MetricsServiceBlockingStub stub =
        stub(started(2).hang()).withDeadlineAfter(500, TimeUnit.MILLISECONDS);
    StatusRuntimeException failed =
        assertThrows(StatusRuntimeException.class, () -> drain(stub.measureEntropies(request())));
    assertEquals(Status.Code.DEADLINE_EXCEEDED, failed.getStatus().getCode());
    assertTrue(inference.awaitEnd());
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
    MetricsServiceGrpc.newStub(stub(script).getChannel())
        .withDeadlineAfter(50, TimeUnit.SECONDS)
        .measureEntropies(request(), reader);
    int sentWhileWaiting = settled();
    assertTrue(sentWhileWaiting < layers, () -> sentWhileWaiting + " messages were sent");
    assertEquals(layers + 1, reader.readAll());
  }

  private int settled() throws InterruptedException {
    int before = 0;
    int now = inference.sent();
    while (now == 0 || now != before) {
      before = now;
      Thread.sleep(500);
      now = inference.sent();
    }
    return now;
  }

  private CaptureScript started(int layers) {
    return new CaptureScript().started(layers, HEADS, TOKENS);
  }

  /** Prompts 0 and 2 have four tokens, prompt 1 has six. */
  private TensorView[] batches(int layer) {
    return new TensorView[] {
      Patterns.tensor(layer, List.of(0, 2), HEADS, 4, Patterns.random(random, 2, HEADS, 4)),
      Patterns.tensor(layer, List.of(1), HEADS, 6, Patterns.random(random, 1, HEADS, 6))
    };
  }

  /** Value norms of the same batches. */
  private TensorView[] norms(int layer) {
    return new TensorView[] {
      Patterns.valueNorm(layer, List.of(0, 2), HEADS, 4, Patterns.randomNorms(random, 2, HEADS, 4)),
      Patterns.valueNorm(layer, List.of(1), HEADS, 6, Patterns.randomNorms(random, 1, HEADS, 6))
    };
  }

  private void assertFails(CaptureScript script, Status.Code code, String sentence) {
    StatusRuntimeException failed =
        assertThrows(StatusRuntimeException.class, () -> measure(script));
    assertEquals(code, failed.getStatus().getCode(), failed.getMessage());
    assertTrue(failed.getStatus().getDescription().contains(sentence), failed.getMessage());
  }

  private List<MeasureEntropiesResponse> measure(CaptureScript script) {
    return drain(stub(script).measureEntropies(request()));
  }

  private MetricsServiceBlockingStub stub(CaptureScript script) {
    inference = new FakeInferenceService(script);
    LoopbackServer server = new LoopbackServer(inference);
    open.add(server);
    return stub(server.address());
  }

  private MetricsServiceBlockingStub stub(Address inferenceAddress) {
    ManagedChannel upstream = inferenceAddress.open();
    open.add(upstream::shutdownNow);
    InferenceClient client = new InferenceClient(upstream, inferenceAddress, MAX_TENSOR_BYTES);
    LoopbackServer server =
        new LoopbackServer(new MetricsEndpoint(client, task -> Thread.ofVirtual().start(task)));
    open.add(server);
    return MetricsServiceGrpc.newBlockingStub(server.channel())
        .withDeadlineAfter(30, TimeUnit.SECONDS);
  }

  private static MeasureEntropiesRequest request() {
    return MeasureEntropiesRequest.newBuilder()
        .setModel("tiny")
        .addAllPrompts(List.of("a", "b", "c"))
        .build();
  }

  private static List<MeasureEntropiesResponse> drain(Iterator<MeasureEntropiesResponse> stream) {
    List<MeasureEntropiesResponse> responses = new ArrayList<>();
    stream.forEachRemaining(responses::add);
    return responses;
  }

  private static void assertLayer(LayerEntropies expected, org.rolescope.v1.LayerEntropies actual) {
    assertEquals(expected.layer(), actual.getLayer());
    assertEquals(HEADS, actual.getHeadCount());
    assertEquals(TOKENS, actual.getQueryCountsList());
    assertTrue(actual.getTablesCount() >= 2);
    assertEquals(expected, EntropyMessages.layer(actual));
  }
}
