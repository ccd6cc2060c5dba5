package org.rolescope.metrics.testing;

import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.rolescope.tensors.TensorView;
import org.rolescope.tensors.wire.TensorFrames;
import org.rolescope.v1.PushActivationsRequest;
import org.rolescope.v1.PushStarted;
import org.rolescope.v1.TensorHeader;

/** What a caller of PushActivations sends. */
public final class PushScript {
  private final List<PushActivationsRequest> messages = new ArrayList<>();
  private int tensorId;

  /** Announces layers. */
  public PushScript started(int firstLayer, int layers, int heads, List<Integer> tokenCounts) {
    return started(
        PushStarted.newBuilder()
            .setFirstLayer(firstLayer)
            .setLayerCount(layers)
            .setHeadCount(heads)
            .addAllTokenCounts(tokenCounts));
  }

  /** Announces something. */
  public PushScript started(PushStarted.Builder started) {
    return send(PushActivationsRequest.newBuilder().setStarted(started).build());
  }

  /** Sends a tensor. */
  public PushScript tensor(TensorView tensor) {
    return tensor(tensor, UnaryOperator.identity());
  }

  /** Sends a tensor with a header that was tampered with. */
  public PushScript tensor(TensorView tensor, UnaryOperator<TensorHeader> tamper) {
    TensorHeader header = tamper.apply(TensorFrames.header(tensorId, tensor));
    send(PushActivationsRequest.newBuilder().setHeader(header).build());
    TensorFrames.chunks(
        tensorId,
        tensor,
        chunk -> send(PushActivationsRequest.newBuilder().setChunk(chunk).build()));
    tensorId++;
    return this;
  }

  /** Sends a message. */
  public PushScript send(PushActivationsRequest message) {
    messages.add(message);
    return this;
  }

  /** Takes back the last message. */
  public PushScript withoutLast() {
    messages.removeLast();
    return this;
  }

  /** Takes back the first message. */
  public PushScript withoutFirst() {
    messages.removeFirst();
    return this;
  }

  /** The messages so far. */
  public List<PushActivationsRequest> messages() {
    return List.copyOf(messages);
  }
}
