package org.rolescope.orchestrator.client;

import static java.util.Objects.requireNonNull;

import org.rolescope.orchestrator.client.InferenceClient.SweepSink;
import org.rolescope.tensors.Axis;
import org.rolescope.tensors.TensorView;
import org.rolescope.tensors.wire.CaptureDecoder;
import org.rolescope.v1.CaptureResponse;
import org.rolescope.v1.CaptureStarted;
import org.rolescope.v1.SweepEnded;
import org.rolescope.v1.SweepLogits;
import org.rolescope.v1.SweepRequest;
import org.rolescope.v1.SweepResponse;
import org.rolescope.v1.SweepRun;
import org.rolescope.v1.SweepStarted;

/**
 * Reads the messages of one sweep and holds the sender to their order. The tensors come as those of
 * a capture do. Not thread-safe.
 */
final class SweepDecoder implements CaptureDecoder.Sink {
  private final Service service;
  private final SweepRequest request;
  private final SweepSink sink;
  private final CaptureDecoder decoder;
  private int vocabularySize;
  private int runs;
  private SweepLogits opened;
  private SweepEnded ended;

  SweepDecoder(Service service, SweepRequest request, long maxTensorBytes, SweepSink sink) {
    this.service = requireNonNull(service, "service is null");
    this.request = requireNonNull(request, "request is null");
    this.sink = requireNonNull(sink, "sink is null");
    decoder = new CaptureDecoder(maxTensorBytes, this);
  }

  /**
   * Takes the next message.
   *
   * @throws org.rolescope.fault.RolescopeException DATA_LOSS where it does not follow what came
   *     before; what the sink throws
   */
  void accept(SweepResponse response) {
    require(ended == null, "it went on behind the end of its sweep");
    switch (response.getEventCase()) {
      case STARTED -> start(response.getStarted());
      case LOGITS -> open(response.getLogits());
      case CHUNK ->
          decoder.accept(CaptureResponse.newBuilder().setChunk(response.getChunk()).build());
      case ENDED -> ended = response.getEnded();
      case EVENT_NOT_SET -> throw service.broken("a message of its sweep is empty");
    }
  }

  /** Confirms that everything has come, and says what it cost. */
  SweepEnded finish() {
    decoder.finish();
    require(
        ended != null && runs == sourceRuns() + 1 + request.getVariantsCount(),
        "its sweep ended before every variant had come");
    return ended;
  }

  @Override
  public void started(CaptureStarted message) {
    vocabularySize = message.getModel().getVocabularySize();
  }

  @Override
  public void tensor(TensorView logits) {
    require(
        logits.shape().axes().size() == 2
            && logits.shape().axes().getFirst().equals(new Axis(Axis.BATCH, prompts()))
            && logits.shape().axes().getLast().equals(new Axis(Axis.VOCAB, vocabularySize))
            && inOrder(logits),
        "logits %s came where a row for each of %d prompts was due"
            .formatted(logits.shape(), prompts()));
    runs++;
    sink.logits(opened.getRun(), opened.getVariant(), logits);
  }

  private void start(SweepStarted started) {
    require(
        started.getTarget().getPromptsCount() == prompts()
            && started.hasSource() == request.hasSource()
            && (!started.hasSource() || started.getSource().getPromptsCount() == prompts()),
        "its sweep did not begin with the prompts it was asked for");
    decoder.accept(CaptureResponse.newBuilder().setStarted(started.getTarget()).build());
    sink.started(started);
  }

  private void open(SweepLogits logits) {
    int variant = runs - sourceRuns() - 1;
    SweepRun due =
        variant >= 0
            ? SweepRun.SWEEP_RUN_VARIANT
            : variant == -1 ? SweepRun.SWEEP_RUN_TARGET : SweepRun.SWEEP_RUN_SOURCE;
    require(
        logits.getRun() == due && logits.getVariant() == Math.max(0, variant),
        "%s %d came where %s %d was due"
            .formatted(logits.getRun(), logits.getVariant(), due, Math.max(0, variant)));
    opened = logits;
    decoder.accept(CaptureResponse.newBuilder().setHeader(logits.getHeader()).build());
  }

  private boolean inOrder(TensorView logits) {
    for (int prompt = 0; prompt < prompts(); prompt++) {
      if (logits.promptIndices().get(prompt) != prompt) {
        return false;
      }
    }
    return true;
  }

  private int prompts() {
    return request.getPromptsCount();
  }

  private int sourceRuns() {
    return request.hasSource() ? 1 : 0;
  }

  private void require(boolean holds, String otherwise) {
    if (!holds) {
      throw service.broken(otherwise);
    }
  }
}
