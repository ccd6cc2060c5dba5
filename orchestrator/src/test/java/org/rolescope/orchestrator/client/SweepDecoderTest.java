package org.rolescope.orchestrator.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.rolescope.fault.FaultCode;
import org.rolescope.fault.RolescopeException;
import org.rolescope.orchestrator.testing.FakeModel;
import org.rolescope.rpc.Address;
import org.rolescope.tensors.Axis;
import org.rolescope.tensors.Shape;
import org.rolescope.tensors.TensorView;
import org.rolescope.tensors.wire.TensorFrames;
import org.rolescope.v1.CaptureStarted;
import org.rolescope.v1.SweepEnded;
import org.rolescope.v1.SweepLogits;
import org.rolescope.v1.SweepRequest;
import org.rolescope.v1.SweepResponse;
import org.rolescope.v1.SweepRun;
import org.rolescope.v1.SweepSource;
import org.rolescope.v1.SweepStarted;
import org.rolescope.v1.Variant;

/** A service that does not keep to the order of a sweep is found out. */
final class SweepDecoderTest {
  private static final List<String> PROMPTS = List.of("What are you?", "Who am I?");
  private static final SweepRequest REQUEST =
      SweepRequest.newBuilder()
          .setModel("tiny")
          .addAllPrompts(PROMPTS)
          .setSource(SweepSource.getDefaultInstance())
          .addVariants(Variant.getDefaultInstance())
          .addVariants(Variant.getDefaultInstance())
          .build();
  private static final CaptureStarted STARTED =
      new FakeModel("tiny", "a".repeat(64), 1, 1).started(PROMPTS);

  private final List<String> told = new ArrayList<>();
  private int tensorId;

  @Test
  void everyRunComesInItsOrder() {
    assertThat(decode(whole()).getForwardPasses()).isEqualTo(3);
    assertThat(told)
        .containsExactly(
            "started",
            "SWEEP_RUN_SOURCE 0",
            "SWEEP_RUN_TARGET 0",
            "SWEEP_RUN_VARIANT 0",
            "SWEEP_RUN_VARIANT 1");
  }

  @Test
  void otherOrdersAreRefused() {
    // Each run takes two messages: its header and its bytes.
    refused("SWEEP_RUN_TARGET 0 came where SWEEP_RUN_SOURCE 0 was due", without(1, 3));
    refused("SWEEP_RUN_VARIANT 1 came where SWEEP_RUN_VARIANT 0 was due", without(5, 7));
    refused("before every variant had come", without(7, 9));
    refused("before every variant had come", without(9, 10));
    refused("comes before the start", without(0, 1));
    List<SweepResponse> twice = whole();
    twice.add(twice.getLast());
    refused("behind the end of its sweep", twice);
    refused("is empty", List.of(SweepResponse.getDefaultInstance()));
  }

  @Test
  void otherSizesAreRefused() {
    List<SweepResponse> fewer = new ArrayList<>(List.of(started(STARTED)));
    fewer.addAll(logits(SweepRun.SWEEP_RUN_SOURCE, 0, 1));
    refused("where a row for each of 2 prompts was due", fewer);
    refused(
        "did not begin with the prompts",
        List.of(started(STARTED.toBuilder().removePrompts(0).build())));
  }

  private void refused(String sentence, List<SweepResponse> messages) {
    assertThatThrownBy(() -> decode(messages))
        .isInstanceOfSatisfying(
            RolescopeException.class,
            fault -> assertThat(fault.code()).isEqualTo(FaultCode.DATA_LOSS))
        .hasMessageContaining(sentence);
  }

  private SweepEnded decode(List<SweepResponse> messages) {
    SweepDecoder decoder =
        new SweepDecoder(
            new Service("inference service", new Address("127.0.0.1:1")),
            REQUEST,
            1 << 20,
            new InferenceClient.SweepSink() {
              @Override
              public void started(SweepStarted started) {
                told.add("started");
              }

              @Override
              public void logits(SweepRun run, int variant, TensorView logits) {
                told.add(run + " " + variant);
              }
            });
    messages.forEach(decoder::accept);
    return decoder.finish();
  }

  private List<SweepResponse> without(int first, int behind) {
    List<SweepResponse> messages = whole();
    messages.subList(first, behind).clear();
    return messages;
  }

  private List<SweepResponse> whole() {
    List<SweepResponse> messages = new ArrayList<>(List.of(started(STARTED)));
    messages.addAll(logits(SweepRun.SWEEP_RUN_SOURCE, 0, PROMPTS.size()));
    messages.addAll(logits(SweepRun.SWEEP_RUN_TARGET, 0, PROMPTS.size()));
    messages.addAll(logits(SweepRun.SWEEP_RUN_VARIANT, 0, PROMPTS.size()));
    messages.addAll(logits(SweepRun.SWEEP_RUN_VARIANT, 1, PROMPTS.size()));
    messages.add(
        SweepResponse.newBuilder().setEnded(SweepEnded.newBuilder().setForwardPasses(3)).build());
    return messages;
  }

  private static SweepResponse started(CaptureStarted started) {
    return SweepResponse.newBuilder()
        .setStarted(SweepStarted.newBuilder().setTarget(started).setSource(started))
        .build();
  }

  private List<SweepResponse> logits(SweepRun run, int variant, int prompts) {
    Shape shape =
        Shape.of(new Axis(Axis.BATCH, prompts), new Axis(Axis.VOCAB, FakeModel.VOCABULARY_SIZE));
    TensorView tensor =
        new TensorView(
            "logits",
            OptionalInt.empty(),
            shape,
            IntStream.range(0, prompts).boxed().toList(),
            ByteBuffer.allocate((int) shape.elementCount() * Float.BYTES));
    int id = tensorId++;
    List<SweepResponse> messages = new ArrayList<>();
    messages.add(
        SweepResponse.newBuilder()
            .setLogits(
                SweepLogits.newBuilder()
                    .setRun(run)
                    .setVariant(variant)
                    .setHeader(TensorFrames.header(id, tensor)))
            .build());
    TensorFrames.chunks(
        id, tensor, chunk -> messages.add(SweepResponse.newBuilder().setChunk(chunk).build()));
    return messages;
  }
}
