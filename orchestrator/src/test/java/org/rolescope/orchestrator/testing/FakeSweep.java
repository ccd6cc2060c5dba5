package org.rolescope.orchestrator.testing;

import io.grpc.Status;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.rolescope.rpc.PacedObserver;
import org.rolescope.tensors.Axis;
import org.rolescope.tensors.Shape;
import org.rolescope.tensors.TensorView;
import org.rolescope.tensors.wire.TensorFrames;
import org.rolescope.v1.CaptureStarted;
import org.rolescope.v1.Intervention;
import org.rolescope.v1.SweepEnded;
import org.rolescope.v1.SweepLogits;
import org.rolescope.v1.SweepRequest;
import org.rolescope.v1.SweepResponse;
import org.rolescope.v1.SweepRun;
import org.rolescope.v1.SweepStarted;
import org.rolescope.v1.Variant;

/** One sweep of fake models, every variant computed by itself. */
final class FakeSweep {
  private final FakeModels models;
  private final Trouble trouble;
  private final SweepRequest request;
  private final PacedObserver<SweepResponse> observer;
  private int tensorId;

  FakeSweep(
      FakeModels models,
      Trouble trouble,
      SweepRequest request,
      PacedObserver<SweepResponse> observer) {
    this.models = models;
    this.trouble = trouble;
    this.request = request;
    this.observer = observer;
  }

  void run() {
    try {
      CaptureStarted target =
          models.start(request.getModel(), request.getPromptsList(), request.getPromptOptions());
      String sourceModel =
          request.getSource().getModel().isEmpty()
              ? request.getModel()
              : request.getSource().getModel();
      CaptureStarted source =
          models.start(
              sourceModel,
              request.getSource().getPromptsCount() == 0
                  ? request.getPromptsList()
                  : request.getSource().getPromptsList(),
              request.getPromptOptions());
      check(target, source);
      send(
          SweepResponse.newBuilder()
              .setStarted(SweepStarted.newBuilder().setTarget(target).setSource(source))
              .build());
      List<FakeActivations> into = activations(request.getModel(), target);
      List<FakeActivations> from = activations(sourceModel, source);
      logits(SweepRun.SWEEP_RUN_SOURCE, 0, prompt -> from.get(prompt).logits());
      logits(SweepRun.SWEEP_RUN_TARGET, 0, prompt -> into.get(prompt).logits());
      for (int index = 0; index < request.getVariantsCount(); index++) {
        Variant variant = request.getVariants(index);
        logits(
            SweepRun.SWEEP_RUN_VARIANT,
            index,
            prompt -> into.get(prompt).logits(variant, from.get(prompt)));
      }
      send(SweepResponse.newBuilder().setEnded(ended()).build());
      observer.complete();
    } catch (RuntimeException failed) {
      observer.fail(failed);
    }
  }

  private void check(CaptureStarted target, CaptureStarted source) {
    boolean equal =
        IntStream.range(0, target.getPromptsCount())
            .allMatch(
                prompt ->
                    target.getPrompts(prompt).getTokenIdsCount()
                        == source.getPrompts(prompt).getTokenIdsCount());
    if (!equal || request.getVariantsCount() == 0) {
      throw Status.INVALID_ARGUMENT.withDescription("no such sweep").asRuntimeException();
    }
  }

  private List<FakeActivations> activations(String model, CaptureStarted started) {
    List<FakeActivations> activations = new ArrayList<>();
    started
        .getPromptsList()
        .forEach(
            prompt ->
                activations.add(new FakeActivations(models.get(model), prompt.getTokenIdsList())));
    return activations;
  }

  private void logits(SweepRun run, int variant, IntFunction<float[]> ofPrompt) {
    int prompts = request.getPromptsCount();
    Shape shape =
        Shape.of(new Axis(Axis.BATCH, prompts), new Axis(Axis.VOCAB, FakeModel.VOCABULARY_SIZE));
    ByteBuffer bytes =
        ByteBuffer.allocate((int) shape.elementCount() * Float.BYTES)
            .order(ByteOrder.LITTLE_ENDIAN);
    for (int prompt = 0; prompt < prompts; prompt++) {
      for (float logit : ofPrompt.apply(prompt)) {
        bytes.putFloat(logit);
      }
    }
    TensorView tensor =
        new TensorView(
            "logits",
            OptionalInt.empty(),
            shape,
            IntStream.range(0, prompts).boxed().toList(),
            bytes.flip());
    int id = tensorId++;
    send(
        SweepResponse.newBuilder()
            .setLogits(
                SweepLogits.newBuilder()
                    .setRun(run)
                    .setVariant(variant)
                    .setHeader(TensorFrames.header(id, tensor)))
            .build());
    TensorFrames.chunks(
        id, tensor, chunk -> send(SweepResponse.newBuilder().setChunk(chunk).build()));
  }

  /** Every run but the two without a patch begins at the layer it changes first. */
  private SweepEnded ended() {
    int layers = models.get(request.getModel()).layerCount();
    long blocks = 2L * layers;
    for (Variant variant : request.getVariantsList()) {
      blocks +=
          layers
              - variant.getInterventionsList().stream()
                  .mapToInt(Intervention::getLayer)
                  .min()
                  .orElseThrow();
    }
    return SweepEnded.newBuilder()
        .setPromptBlocks(blocks * request.getPromptsCount())
        .setForwardPasses((double) blocks / layers)
        .build();
  }

  private void send(SweepResponse response) {
    trouble.beforeMessage();
    observer.send(response);
  }
}
