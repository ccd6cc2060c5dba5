package org.rolescope.metrics.client;

import java.util.List;
import org.rolescope.metrics.entropy.EntropyKind;
import org.rolescope.metrics.entropy.LayerEntropies;
import org.rolescope.metrics.entropy.LayerSequence;
import org.rolescope.metrics.entropy.TensorOrigin;
import org.rolescope.tensors.TensorView;
import org.rolescope.tensors.wire.CaptureDecoder;
import org.rolescope.v1.CaptureRequest;
import org.rolescope.v1.CaptureResponse;
import org.rolescope.v1.CaptureStarted;
import org.rolescope.v1.Tap;
import org.rolescope.v1.TokenizedPrompt;

/**
 * Follows one capture stream: CaptureStarted, then the tensors of each layer in order. What does
 * not fit is DATA_LOSS. Not thread-safe.
 */
final class EntropyStream implements CaptureDecoder.Sink {
  private final CaptureRequest request;
  private final EntropySink sink;
  private final CaptureDecoder decoder;
  private LayerSequence layers;

  EntropyStream(CaptureRequest request, long maxTensorBytes, EntropySink sink) {
    this.request = request;
    this.sink = sink;
    decoder = new CaptureDecoder(maxTensorBytes, this);
  }

  /** Takes the next message. */
  void accept(CaptureResponse response) {
    decoder.accept(response);
  }

  /** Makes sure that everything has come. */
  void finish() {
    decoder.finish();
    layers.finish();
  }

  @Override
  public void started(CaptureStarted message) {
    int prompts = message.getPromptsCount();
    require(
        prompts > 0 && prompts == request.getPromptsCount(),
        "%d prompts were sent but %d tokenised".formatted(request.getPromptsCount(), prompts));
    int heads = message.getModel().getHeadCount();
    require(
        heads > 0 && (long) heads * prompts <= LayerSequence.MAX_CELLS,
        "a model of %s heads cannot be measured on %d prompts"
            .formatted(Integer.toUnsignedString(heads), prompts));
    require(message.getModel().getLayerCount() > 0, "the model has no layers");
    List<Integer> tokenCounts =
        message.getPromptsList().stream().map(TokenizedPrompt::getTokenIdsCount).toList();
    layers =
        new LayerSequence(
            TensorOrigin.SERVICE,
            AttentionMessage.visibility(message.getModel().getAttention()),
            new InterventionsMessage(request.getInterventionsList()),
            heads,
            tokenCounts,
            request.hasLayers() ? request.getLayers().getFirst() : 0,
            request.hasLayers()
                ? request.getLayers().getLast()
                : message.getModel().getLayerCount() - 1,
            this::layer);
    sink.started(message);
  }

  @Override
  public void tensor(TensorView tensor) {
    layers.add(tensor);
  }

  private void layer(LayerEntropies layer) {
    boolean weighted = request.getTapsList().contains(Tap.TAP_VALUE_NORM);
    if (layer.has(EntropyKind.NORM_WEIGHTED) != weighted) {
      throw TensorOrigin.SERVICE.mismatch(
          layer.layer(),
          weighted ? "value norms are missing" : "value norms came that nobody asked for");
    }
    sink.layer(layer);
  }

  private static void require(boolean holds, String otherwise) {
    if (!holds) {
      throw TensorOrigin.SERVICE.mismatch(otherwise);
    }
  }
}
