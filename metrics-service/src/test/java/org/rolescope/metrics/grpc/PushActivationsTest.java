package org.rolescope.metrics.grpc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.rolescope.metrics.grpc.TwoBatches.HEADS;
import static org.rolescope.metrics.grpc.TwoBatches.TOKENS;
import static org.rolescope.metrics.grpc.TwoBatches.norms;
import static org.rolescope.metrics.grpc.TwoBatches.patterns;

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

/** PushActivations over a real connection on the loopback: what is answered, and when. */
@Timeout(60)
final class PushActivationsTest {
  private final Random random = SeededRandom.create();
  private final FakeInferenceService inference =
      new FakeInferenceService(inferenceScript(SeededRandom.create()));
  private final LoopbackServer inferenceServer = new LoopbackServer(inference);
  private final MetricsServer server = new MetricsServer(inferenceServer.address());
  private final PushClient client = new PushClient(server.channel());

  @AfterEach
  void stop() {
    server.close();
    inferenceServer.close();
  }

  @Test
  void pushedLayersAreThoseOfMeasureEntropiesBitForBit() throws Exception {
    List<TensorView> tensors = tensors(SeededRandom.create());
    PushScript script = new PushScript().started(0, 2, HEADS, TOKENS);
    tensors.forEach(script::tensor);
    List<org.rolescope.v1.LayerEntropies> pushed = client.push(script);
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
    client.assertFails(
        new PushScript().started(started.clone()).tensor(pattern),
        Status.Code.DATA_LOSS,
        "over the keys it can see");
    started.setAttention(AttentionKind.ATTENTION_KIND_BIDIRECTIONAL);
    org.rolescope.v1.LayerEntropies layer =
        client.push(new PushScript().started(started).tensor(pattern)).getFirst();
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
        client.push(
            new PushScript().started(7, 1, HEADS, TOKENS).tensor(patterns[1]).tensor(patterns[0]));
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
    BlockingClientCall<PushActivationsRequest, PushActivationsResponse> call = client.open();
    for (PushActivationsRequest message : script.messages()) {
      assertTrue(call.write(message));
    }
    assertEquals(0, call.read().getLayer().getLayer());
    call.cancel("enough seen", null);
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
    BlockingClientCall<PushActivationsRequest, PushActivationsResponse> call = client.open();
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
}
