package org.rolescope.metrics.grpc;

import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.util.List;
import org.rolescope.fault.FaultCode;
import org.rolescope.fault.RolescopeException;
import org.rolescope.metrics.client.AttentionMessage;
import org.rolescope.metrics.entropy.ChangedPatterns;
import org.rolescope.metrics.entropy.LayerSequence;
import org.rolescope.metrics.entropy.TensorOrigin;
import org.rolescope.rpc.Faults;
import org.rolescope.tensors.wire.TensorAssembler;
import org.rolescope.v1.PushActivationsRequest;
import org.rolescope.v1.PushActivationsResponse;
import org.rolescope.v1.PushStarted;

/**
 * One call of PushActivations. The next message is asked for when the last one has been measured
 * and the transport has room for answers, so neither side can run ahead of the other; no thread
 * waits meanwhile. The first fault ends the call; what still arrives then is ignored.
 */
final class PushActivationsObserver implements StreamObserver<PushActivationsRequest> {
  private final ServerCallStreamObserver<PushActivationsResponse> call;
  private final TensorAssembler assembler;
  private LayerSequence layers;
  private boolean owesRequest;
  private boolean ended;

  /**
   * Begins a call. Create it inside the service method, before it returns.
   *
   * @param observer takes the answers
   * @param maxTensorBytes largest tensor that is accepted
   */
  PushActivationsObserver(StreamObserver<PushActivationsResponse> observer, long maxTensorBytes) {
    call = (ServerCallStreamObserver<PushActivationsResponse>) observer;
    assembler = new TensorAssembler(maxTensorBytes);
    // gRPC runs all handlers of a call one after the other.
    call.disableAutoRequest();
    call.setOnReadyHandler(this::requestWhereReady);
    call.setOnCancelHandler(() -> ended = true);
    call.request(1);
  }

  @Override
  public void onNext(PushActivationsRequest message) {
    guarded(
        () -> {
          take(message);
          owesRequest = true;
          requestWhereReady();
        });
  }

  @Override
  public void onCompleted() {
    guarded(
        () -> {
          assembler.finish();
          require(layers != null, "it ended before the start; send the start first");
          layers.finish();
          call.onCompleted();
        });
  }

  @Override
  public void onError(Throwable cancelled) {
    // The caller gave up; there is nobody to answer.
    ended = true;
  }

  private void take(PushActivationsRequest message) {
    switch (message.getInputCase()) {
      case STARTED -> start(message.getStarted());
      case HEADER -> {
        require(layers != null, "a tensor came before the start; send the start first");
        assembler.open(message.getHeader());
      }
      case CHUNK -> {
        require(layers != null, "a chunk came before the start; send the start first");
        assembler.add(message.getChunk()).ifPresent(layers::add);
      }
      case INPUT_NOT_SET ->
          throw invalid("a message is empty; send the start, a tensor's header or a chunk");
    }
  }

  private void start(PushStarted started) {
    require(layers == null, "the start came twice; send it once, first");
    List<Integer> tokenCounts = started.getTokenCountsList();
    require(!tokenCounts.isEmpty(), "no prompts are announced; give their token counts");
    for (int tokens : tokenCounts) {
      require(
          tokens > 0,
          "a prompt has %s tokens; give 1 to %d"
              .formatted(Integer.toUnsignedString(tokens), Integer.MAX_VALUE));
    }
    int heads = started.getHeadCount();
    int most = LayerSequence.MAX_CELLS / tokenCounts.size();
    require(
        heads > 0 && heads <= most,
        "%s heads with %d prompts are announced; give 1 to %d, or push fewer prompts"
            .formatted(Integer.toUnsignedString(heads), tokenCounts.size(), most));
    long first = Integer.toUnsignedLong(started.getFirstLayer());
    long count = Integer.toUnsignedLong(started.getLayerCount());
    require(
        count > 0 && first + count <= LayerProtocol.MAX_LAYERS,
        "%d layers from %d on are announced; give at least 1, and layers from 0 to %d"
            .formatted(count, first, LayerProtocol.MAX_LAYERS - 1));
    layers =
        new LayerSequence(
            TensorOrigin.CALLER,
            AttentionMessage.visibility(started.getAttention()),
            ChangedPatterns.NONE,
            heads,
            tokenCounts,
            (int) first,
            (int) (first + count - 1),
            layer ->
                call.onNext(
                    PushActivationsResponse.newBuilder()
                        .setLayer(EntropyMessages.message(layer))
                        .build()));
  }

  private void requestWhereReady() {
    if (owesRequest && !ended && call.isReady()) {
      owesRequest = false;
      call.request(1);
    }
  }

  private void guarded(Runnable step) {
    if (ended) {
      return;
    }
    try {
      step.run();
    } catch (RuntimeException thrown) {
      ended = true;
      call.onError(Faults.toStatus(thrown).asRuntimeException());
    }
  }

  private static void require(boolean holds, String otherwise) {
    if (!holds) {
      throw invalid(otherwise);
    }
  }

  private static RolescopeException invalid(String what) {
    return new RolescopeException(
        FaultCode.INVALID_ARGUMENT, "The activations cannot be measured: " + what);
  }
}
