package org.rolescope.metrics.grpc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.rolescope.metrics.grpc.ScriptedMeasurement.drain;
import static org.rolescope.metrics.grpc.ScriptedMeasurement.request;
import static org.rolescope.metrics.grpc.TwoBatches.HEADS;
import static org.rolescope.metrics.grpc.TwoBatches.TOKENS;
import static org.rolescope.metrics.grpc.TwoBatches.started;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.rolescope.metrics.testing.CaptureScript;
import org.rolescope.metrics.testing.Patterns;
import org.rolescope.metrics.testing.SeededRandom;
import org.rolescope.tensors.TensorView;
import org.rolescope.v1.CaptureResponse;
import org.rolescope.v1.MeasureEntropiesRequest;

/** Tensor streams that are not what MeasureEntropies asked for end in DATA_LOSS or over a limit. */
@Timeout(60)
final class DamagedStreamTest {
  private final Random random = SeededRandom.create();
  private final ScriptedMeasurement scripted = new ScriptedMeasurement();

  @AfterEach
  void stopEverything() {
    scripted.close();
  }

  @Test
  void missingValueNormsAreDataLoss() {
    CaptureScript script = started(1).tensor(batches(0)[0]).tensor(batches(0)[1]);
    MeasureEntropiesRequest request = request().toBuilder().setNormWeighted(true).build();
    StatusRuntimeException failed =
        assertThrows(
            StatusRuntimeException.class,
            () -> drain(scripted.stub(script).measureEntropies(request)));
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
    scripted.assertFails(script, Status.Code.DATA_LOSS, "value norms came that nobody asked for");
  }

  @Test
  void indicesThatAreNotThoseOfTheBatchAreDataLoss() {
    CaptureScript script =
        started(1).tensor(batches(0)[0], header -> header.toBuilder().addPromptIndices(1).build());
    scripted.assertFails(script, Status.Code.DATA_LOSS, "has a batch of 2 but 3 prompt indices");
  }

  @Test
  void missingPromptIsDataLoss() {
    CaptureScript script = started(2).tensor(batches(0)[0]).tensor(batches(1)[0]);
    scripted.assertFails(script, Status.Code.DATA_LOSS, "in layer 0: prompt 1 is missing");
  }

  @Test
  void repeatedPromptIsDataLoss() {
    CaptureScript script = started(1).tensor(batches(0)[0]).tensor(batches(0)[0]);
    scripted.assertFails(script, Status.Code.DATA_LOSS, "prompt 0 came twice");
  }

  @Test
  void missingLayerIsDataLoss() {
    CaptureScript script = started(2).tensor(batches(0)[0]).tensor(batches(0)[1]);
    scripted.assertFails(script, Status.Code.DATA_LOSS, "it ended before layer 1");
  }

  @Test
  void skippedLayerIsDataLoss() {
    CaptureScript script =
        started(3).tensor(batches(0)[0]).tensor(batches(0)[1]).tensor(batches(2)[0]);
    scripted.assertFails(script, Status.Code.DATA_LOSS, "layer 2 comes where layer 1 was expected");
  }

  @Test
  void layerTooManyIsDataLoss() {
    CaptureScript script =
        started(1).tensor(batches(0)[0]).tensor(batches(0)[1]).tensor(batches(1)[0]);
    scripted.assertFails(script, Status.Code.DATA_LOSS, "layer 1 comes where");
  }

  @Test
  void wrongChecksumIsDataLoss() {
    CaptureScript script =
        started(1)
            .tensor(
                batches(0)[0],
                header -> header.toBuilder().setCrc32C(header.getCrc32C() + 1).build());
    scripted.assertFails(script, Status.Code.DATA_LOSS, "the checksum of tensor pattern differs");
  }

  @Test
  void cutTensorIsDataLoss() {
    CaptureScript script = started(1).tensor(batches(0)[0]).withoutLast();
    scripted.assertFails(script, Status.Code.DATA_LOSS, "the stream ended after 0 of");
  }

  @Test
  void streamWithoutStartIsDataLoss() {
    scripted.assertFails(new CaptureScript(), Status.Code.DATA_LOSS, "it ended before it began");
    scripted.assertFails(
        new CaptureScript().tensor(batches(0)[0]), Status.Code.DATA_LOSS, "before the start");
    scripted.assertFails(
        started(1).started(1, HEADS, TOKENS), Status.Code.DATA_LOSS, "it starts twice");
    scripted.assertFails(
        started(1).send(CaptureResponse.getDefaultInstance()), Status.Code.DATA_LOSS, "is empty");
  }

  @Test
  void otherNumberOfPromptsIsDataLoss() {
    CaptureScript script = new CaptureScript().started(1, HEADS, List.of(4));
    scripted.assertFails(script, Status.Code.DATA_LOSS, "3 prompts were sent but 1 tokenised");
  }

  @Test
  void rowThatIsNoDistributionIsDataLoss() {
    float[] pattern = Patterns.random(random, 2, HEADS, 4);
    pattern[4 * 4 * HEADS + 4 * 4] = 0.5f;
    CaptureScript script = started(1).tensor(Patterns.tensor(0, List.of(0, 2), HEADS, 4, pattern));
    scripted.assertFails(script, Status.Code.DATA_LOSS, "layer 0, head 1, prompt 2 is damaged");
  }

  @Test
  void tensorOverTheLimitIsResourceExhausted() {
    float[] pattern = new float[1 << 19];
    CaptureScript script = started(1).tensor(Patterns.tensor(0, List.of(0), 1 << 11, 16, pattern));
    scripted.assertFails(script, Status.Code.RESOURCE_EXHAUSTED, "more than the limit of 1048576");
  }

  private TensorView[] batches(int layer) {
    return TwoBatches.patterns(random, layer);
  }

  private TensorView[] norms(int layer) {
    return TwoBatches.norms(random, layer);
  }
}
