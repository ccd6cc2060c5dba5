package org.rolescope.metrics.grpc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusException;
import io.grpc.stub.BlockingClientCall;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
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
import org.rolescope.metrics.testing.PushScript;
import org.rolescope.metrics.testing.SeededRandom;
import org.rolescope.tensors.TensorView;
import org.rolescope.v1.AttentionKind;
import org.rolescope.v1.MeasureEntropiesRequest;
import org.rolescope.v1.MeasureEntropiesResponse;
import org.rolescope.v1.MetricsServiceGrpc;
import org.rolescope.v1.PushActivationsRequest;
import org.rolescope.v1.PushActivationsResponse;
import org.rolescope.v1.PushStarted;

/** Over a real connection on the loopback. */
@Timeout(60)
final class PushActivationsTest {
  private static final int HEADS = 3;
  private static final List<Integer> TOKENS = List.of(4, 6, 4);
  private static final long MAX_TENSOR_BYTES = 1 << 20;

  private final Random random = SeededRandom.create();
  private final FakeInferenceService inference =
      new FakeInferenceService(inferenceScript(SeededRandom.create()));
  private final LoopbackServer inferenceServer = new LoopbackServer(inference);
  private final ManagedChannel upstream = inferenceServer.address().open();
  private final LoopbackServer server =
      new LoopbackServer(
          new MetricsEndpoint(
              new InferenceClient(upstream, inferenceServer.address(), MAX_TENSOR_BYTES),
              task -> Thread.ofVirtual().start(task)));

  @AfterEach
  void stop() {
    server.close();
    upstream.shutdownNow();
    inferenceServer.close();
  }

  @Test
  void pushedLayersAreThoseOfMeasureEntropiesBitForBit() throws Exception {
    List<TensorView> tensors = tensors(SeededRandom.create());
    PushScript script = new PushScript().started(0, 2, HEADS, TOKENS);
    tensors.forEach(script::tensor);
    List<org.rolescope.v1.LayerEntropies> pushed = push(script);
    List<org.rolescope.v1.LayerEntropies> measured = new ArrayList<>();
    MetricsServiceGrpc.newBlockingStub(server.channel())
        .measureEntropies(
            MeasureEntropiesRequest.newBuilder()
                .addAllPrompts(List.of("a", "b", "c"))
                .setNormWeighted(true)
                .build())
        .forEachRemaining(
            response -> {
              if (response.getEventCase() == MeasureEntropiesResponse.EventCase.LAYER) {
                measured.add(response.getLayer());
              }
            });
    assertEquals(2, pushed.size());
    assertEquals(measured, pushed);
    assertTrue(EntropyMessages.layer(pushed.get(1)).has(EntropyKind.NORM_WEIGHTED));
  }

  @Test
  void bidirectionalPatternsAreMeasuredOverAllKeysIfAnnouncedSo() throws Exception {
    TensorView pattern =
        Patterns.tensor(
            0,
            List.of(0),
            HEADS,
            4,
            Patterns.randomBidirectional(SeededRandom.create(), 1, HEADS, 4));
    PushStarted.Builder started =
        PushStarted.newBuilder().setLayerCount(1).setHeadCount(HEADS).addTokenCounts(4);
    assertThrows(
        Exception.class, () -> push(new PushScript().started(started.clone()).tensor(pattern)));
    started.setAttention(AttentionKind.ATTENTION_KIND_BIDIRECTIONAL);
    org.rolescope.v1.LayerEntropies layer =
        push(new PushScript().started(started).tensor(pattern)).getFirst();
    LayerEntropies read = EntropyMessages.layer(layer);
    assertEquals(4, read.queryCount(EntropyKind.LENGTH_NORMALISED, 0));
    for (int head = 0; head < HEADS; head++) {
      assertEquals(
          read.table(EntropyKind.EXACT).nats(head, 0) / Math.log(4),
          read.table(EntropyKind.LENGTH_NORMALISED).nats(head, 0),
          1e-12);
    }
  }

  @Test
  void patternsAloneAreMeasuredWithoutTheWeightedKind() throws Exception {
    TensorView[] patterns = patterns(random, 7);
    List<org.rolescope.v1.LayerEntropies> pushed =
        push(new PushScript().started(7, 1, HEADS, TOKENS).tensor(patterns[1]).tensor(patterns[0]));
    LayerMeasurement expected = new LayerMeasurement(7, HEADS, TOKENS);
    expected.add(patterns[0]);
    expected.add(patterns[1]);
    LayerEntropies layer = expected.finish();
    assertFalse(layer.has(EntropyKind.NORM_WEIGHTED));
    assertEquals(List.of(EntropyMessages.message(layer)), pushed);
  }

  @Test
  void layerIsAnsweredWhenItsLastPromptHasCome() throws Exception {
    TensorView[] patterns = patterns(random, 0);
    PushScript script =
        new PushScript().started(0, 2, HEADS, TOKENS).tensor(patterns[0]).tensor(patterns[1]);
    BlockingClientCall<PushActivationsRequest, PushActivationsResponse> call = open();
    for (PushActivationsRequest message : script.messages()) {
      assertTrue(call.write(message));
    }
    assertEquals(0, call.read().getLayer().getLayer());
    call.cancel("enough seen", null);
  }

  @Test
  void startMustComeFirstAndOnce() {
    TensorView pattern = patterns(random, 0)[0];
    assertInvalid(new PushScript(), "it ended before the start");
    assertInvalid(new PushScript().tensor(pattern), "a tensor came before the start");
    assertInvalid(new PushScript().tensor(pattern).withoutFirst(), "a chunk came before the start");
    assertInvalid(
        new PushScript().started(0, 1, HEADS, TOKENS).started(0, 1, HEADS, TOKENS),
        "the start came twice");
    assertInvalid(
        new PushScript().send(PushActivationsRequest.getDefaultInstance()), "a message is empty");
  }

  @Test
  void sizesMustBeInRange() {
    assertInvalid(new PushScript().started(0, 1, HEADS, List.of()), "no prompts are announced");
    assertInvalid(new PushScript().started(0, 1, HEADS, List.of(3, 0)), "a prompt has 0 tokens");
    assertInvalid(
        new PushScript().started(0, 1, HEADS, List.of(-1)), "a prompt has 4294967295 tokens");
    assertInvalid(new PushScript().started(0, 1, 0, TOKENS), "0 heads with 3 prompts");
    assertInvalid(
        new PushScript().started(0, 1, 1 << 23, List.of(1, 1)),
        "8388608 heads with 2 prompts are announced; give 1 to 4194304");
    assertInvalid(new PushScript().started(0, 0, HEADS, TOKENS), "0 layers from 0 on");
    assertInvalid(new PushScript().started(1000, 25, HEADS, TOKENS), "layers from 0 to 1023");
    assertInvalid(new PushScript().started(-1, 1, HEADS, TOKENS), "1 layers from 4294967295 on");
    assertInvalid(new PushScript().started(PushStarted.newBuilder()), "no prompts are announced");
  }

  @Test
  void tensorsMustBeThoseAnnounced() {
    TensorView[] layer0 = patterns(random, 0);
    TensorView[] layer1 = patterns(random, 1);
    assertInvalid(announced(2).tensor(layer1[0]), "layer 1 comes where layer 0 was expected");
    assertInvalid(
        announced(2).tensor(layer0[0]).tensor(layer1[0]), "in layer 0 are not those announced");
    assertInvalid(announced(2).tensor(layer0[0]).tensor(layer1[0]), "prompt 1 is missing");
    assertInvalid(announced(1).tensor(layer0[0]), "prompt 1 is missing");
    assertInvalid(announced(1).tensor(layer0[0]).tensor(layer0[0]), "prompt 0 came twice");
    assertInvalid(announced(2).tensor(layer0[0]).tensor(layer0[1]), "it ended before layer 1");
    assertInvalid(
        announced(1).tensor(layer0[0]).tensor(layer0[1]).tensor(layer1[0]),
        "layer 1 comes where the end was expected");
    assertInvalid(
        announced(1).tensor(layer0[0], header -> header.toBuilder().setName("z").build()),
        "a tensor z comes where a pattern was expected");
    assertInvalid(
        announced(1).tensor(layer0[0], header -> header.toBuilder().clearLayer().build()),
        "a tensor pattern comes where a pattern was expected");
    assertInvalid(
        new PushScript().started(0, 1, 2, TOKENS).tensor(layer0[0]),
        "not that of a pattern of 2 heads");
    assertInvalid(
        new PushScript().started(0, 1, HEADS, List.of(4, 6, 5)).tensor(layer0[0]),
        "prompt 2 has 5 tokens but a pattern over 4");
  }

  @Test
  void normsMustBeThoseOfThePattern() {
    TensorView[] patterns = patterns(random, 0);
    TensorView[] norms = norms(random, 0);
    assertInvalid(announced(1).tensor(norms[1]).tensor(patterns[0]), "norms of prompts [1]");
    assertInvalid(announced(1).tensor(norms[0]).tensor(norms[1]), "without a pattern behind them");
    assertInvalid(
        announced(1).tensor(norms[0]).tensor(patterns[0]).tensor(patterns[1]),
        "prompt 1 came without value norms");
  }

  @Test
  void damageIsDataLoss() {
    TensorView pattern = patterns(random, 0)[0];
    assertFails(
        announced(1)
            .tensor(
                pattern, header -> header.toBuilder().setCrc32C(header.getCrc32C() + 1).build()),
        Status.Code.DATA_LOSS,
        "the checksum of tensor pattern differs");
    assertFails(
        announced(1).tensor(pattern).withoutLast(),
        Status.Code.DATA_LOSS,
        "the stream ended after 0 of");
    assertFails(
        announced(1).tensor(pattern, header -> header.toBuilder().addPromptIndices(1).build()),
        Status.Code.DATA_LOSS,
        "a batch of 2 but 3 prompt indices");
    float[] rows = Patterns.random(random, 2, HEADS, 4);
    rows[4 * 4 * HEADS + 4 * 4] = Float.NaN;
    assertFails(
        announced(1).tensor(Patterns.tensor(0, List.of(0, 2), HEADS, 4, rows)),
        Status.Code.DATA_LOSS,
        "layer 0, head 1, prompt 2 is damaged");
  }

  @Test
  void tensorOverTheLimitIsResourceExhausted() {
    TensorView large = Patterns.tensor(0, List.of(0), 1 << 11, 16, new float[1 << 19]);
    assertFails(
        new PushScript().started(0, 1, 1 << 11, List.of(16)).tensor(large),
        Status.Code.RESOURCE_EXHAUSTED,
        "more than the limit of 1048576");
  }

  /** Who reads no answers is soon allowed to send nothing more; who reads them, everything. */
  @Test
  void slowReaderOfAnswersSlowsTheSender() throws Exception {
    int heads = 4096;
    int layers = 60;
    PushScript script = new PushScript().started(0, layers, heads, List.of(4, 4, 4));
    float[] pattern = Patterns.random(random, 3, heads, 4);
    for (int layer = 0; layer < layers; layer++) {
      script.tensor(Patterns.tensor(layer, List.of(0, 1, 2), heads, 4, pattern));
    }
    BlockingClientCall<PushActivationsRequest, PushActivationsResponse> call = open();
    List<PushActivationsRequest> messages = script.messages();
    int sent = writeUntilStopped(call, messages);
    assertTrue(sent < messages.size(), () -> sent + " messages were sent");
    CompletableFuture<Integer> answers = CompletableFuture.supplyAsync(() -> readAll(call));
    for (PushActivationsRequest message : messages.subList(sent, messages.size())) {
      assertTrue(call.write(message));
    }
    call.halfClose();
    assertEquals(layers, answers.get(40, TimeUnit.SECONDS));
  }

  private static int readAll(
      BlockingClientCall<PushActivationsRequest, PushActivationsResponse> call) {
    int answers = 0;
    try {
      while (call.read() != null) {
        answers++;
      }
    } catch (InterruptedException | StatusException failed) {
      throw new CompletionException(failed);
    }
    return answers;
  }

  private static int writeUntilStopped(
      BlockingClientCall<PushActivationsRequest, PushActivationsResponse> call,
      List<PushActivationsRequest> messages)
      throws Exception {
    for (int sent = 0; sent < messages.size(); sent++) {
      try {
        assertTrue(call.write(messages.get(sent), 1, TimeUnit.SECONDS));
      } catch (TimeoutException stopped) {
        return sent;
      }
    }
    return messages.size();
  }

  private PushScript announced(int layers) {
    return new PushScript().started(0, layers, HEADS, TOKENS);
  }

  private void assertInvalid(PushScript script, String sentence) {
    assertFails(script, Status.Code.INVALID_ARGUMENT, sentence);
  }

  private void assertFails(PushScript script, Status.Code code, String sentence) {
    Status status = assertThrows(StatusException.class, () -> push(script)).getStatus();
    assertEquals(code, status.getCode(), status.toString());
    assertTrue(status.getDescription().contains(sentence), status.getDescription());
  }

  private List<org.rolescope.v1.LayerEntropies> push(PushScript script) throws Exception {
    BlockingClientCall<PushActivationsRequest, PushActivationsResponse> call = open();
    for (PushActivationsRequest message : script.messages()) {
      if (!call.write(message)) {
        break;
      }
    }
    call.halfClose();
    List<org.rolescope.v1.LayerEntropies> layers = new ArrayList<>();
    PushActivationsResponse response = call.read();
    while (response != null) {
      layers.add(response.getLayer());
      response = call.read();
    }
    assertNull(call.read());
    return layers;
  }

  private BlockingClientCall<PushActivationsRequest, PushActivationsResponse> open() {
    return MetricsServiceGrpc.newBlockingV2Stub(server.channel())
        .withDeadlineAfter(50, TimeUnit.SECONDS)
        .pushActivations();
  }

  private static CaptureScript inferenceScript(Random random) {
    CaptureScript script = new CaptureScript().started(2, HEADS, TOKENS);
    tensors(random).forEach(script::tensor);
    return script;
  }

  /** Two layers of two batches, value norms before patterns. */
  private static List<TensorView> tensors(Random random) {
    List<TensorView> tensors = new ArrayList<>();
    for (int layer = 0; layer < 2; layer++) {
      TensorView[] norms = norms(random, layer);
      TensorView[] patterns = patterns(random, layer);
      for (int batch = 0; batch < 2; batch++) {
        tensors.add(norms[batch]);
        tensors.add(patterns[batch]);
      }
    }
    return tensors;
  }

  /** Prompts 0 and 2 have four tokens, prompt 1 has six. */
  private static TensorView[] patterns(Random random, int layer) {
    return new TensorView[] {
      Patterns.tensor(layer, List.of(0, 2), HEADS, 4, Patterns.random(random, 2, HEADS, 4)),
      Patterns.tensor(layer, List.of(1), HEADS, 6, Patterns.random(random, 1, HEADS, 6))
    };
  }

  private static TensorView[] norms(Random random, int layer) {
    return new TensorView[] {
      Patterns.valueNorm(layer, List.of(0, 2), HEADS, 4, Patterns.randomNorms(random, 2, HEADS, 4)),
      Patterns.valueNorm(layer, List.of(1), HEADS, 6, Patterns.randomNorms(random, 1, HEADS, 6))
    };
  }
}
