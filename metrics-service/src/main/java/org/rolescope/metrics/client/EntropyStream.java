package org.rolescope.metrics.client;

import java.util.List;
import org.rolescope.fault.FaultCode;
import org.rolescope.fault.RolescopeException;
import org.rolescope.metrics.entropy.LayerMeasurement;
import org.rolescope.tensors.TensorView;
import org.rolescope.tensors.wire.CaptureDecoder;
import org.rolescope.v1.CaptureRequest;
import org.rolescope.v1.CaptureResponse;
import org.rolescope.v1.CaptureStarted;
import org.rolescope.v1.TokenizedPrompt;

/**
 * Follows one capture stream: CaptureStarted, then the pattern tensors of each layer in order. What
 * does not fit is DATA_LOSS. Not thread-safe.
 */
final class EntropyStream implements CaptureDecoder.Sink {
  private static final String PATTERN = "pattern";

  /** Most heads times prompts: half a GiB of entropies of each kind. */
  private static final long MAX_CELLS = 1L << 26;

  private final CaptureRequest request;
  private final EntropySink sink;
  private final CaptureDecoder decoder;
  private CaptureStarted started;
  private List<Integer> tokenCounts = List.of();
  private int layer;
  private int lastLayer;
  private LayerMeasurement measurement;

  EntropyStream(CaptureRequest request, long maxTensorBytes, EntropySink sink) {
    this.request = request;
    this.sink = sink;
    decoder = new CaptureDecoder(maxTensorBytes, this);
  }

  /** Takes the next message. */
  void accept(CaptureResponse response) {
    decoder.accept(response);
  }

  /** Hands on the last layer, after making sure that everything has come. */
  void finish() {
    decoder.finish();
    require(measurement != null && layer == lastLayer, "it ended before layer " + lastLayer);
    sink.layer(measurement.finish());
  }

  @Override
  public void started(CaptureStarted message) {
    require(
        message.getPromptsCount() == request.getPromptsCount(),
        "%d prompts were sent but %d tokenised"
            .formatted(request.getPromptsCount(), message.getPromptsCount()));
    int heads = message.getModel().getHeadCount();
    require(
        heads > 0 && (long) heads * message.getPromptsCount() <= MAX_CELLS,
        "a model of " + Integer.toUnsignedString(heads) + " heads cannot be measured");
    require(message.getModel().getLayerCount() > 0, "the model has no layers");
    started = message;
    tokenCounts = message.getPromptsList().stream().map(TokenizedPrompt::getTokenIdsCount).toList();
    layer = request.hasLayers() ? request.getLayers().getFirst() : 0;
    lastLayer =
        request.hasLayers()
            ? request.getLayers().getLast()
            : message.getModel().getLayerCount() - 1;
    sink.started(message);
  }

  @Override
  public void tensor(TensorView tensor) {
    require(
        tensor.name().equals(PATTERN) && tensor.layer().isPresent(),
        "a tensor " + tensor.name() + " comes where a pattern was asked for");
    int tensorLayer = tensor.layer().getAsInt();
    if (measurement != null && tensorLayer == layer + 1) {
      sink.layer(measurement.finish());
      measurement = null;
      layer = tensorLayer;
    }
    require(
        tensorLayer == layer && layer <= lastLayer,
        "layer %d comes where layer %d was expected".formatted(tensorLayer, layer));
    if (measurement == null) {
      measurement = new LayerMeasurement(layer, started.getModel().getHeadCount(), tokenCounts);
    }
    measurement.add(tensor);
  }

  private static void require(boolean holds, String otherwise) {
    if (!holds) {
      throw damaged(otherwise);
    }
  }

  private static RolescopeException damaged(String what) {
    return new RolescopeException(
        FaultCode.DATA_LOSS, "The tensor stream is damaged: " + what + "; run it again");
  }
}
