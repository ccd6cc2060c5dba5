package org.rolescope.bench.stream;

import io.grpc.ManagedChannel;
import java.util.Iterator;
import java.util.function.Consumer;
import org.rolescope.rpc.Address;
import org.rolescope.tensors.TensorView;
import org.rolescope.tensors.wire.TensorAssembler;
import org.rolescope.v1.CaptureRequest;
import org.rolescope.v1.CaptureResponse;
import org.rolescope.v1.InferenceServiceGrpc;

/** Reads a stream of tensors as the metrics service does. */
final class TensorClient implements AutoCloseable {
  private static final long MAX_TENSOR_BYTES = 1L << 30;

  private final ManagedChannel channel;

  TensorClient(Address address) {
    channel = address.open();
  }

  /**
   * Reads a stream to its end.
   *
   * @param count how many tensors to ask for
   * @param reader takes each
   * @return bytes of the tensors read
   */
  long read(int count, Consumer<TensorView> reader) {
    Iterator<CaptureResponse> responses =
        InferenceServiceGrpc.newBlockingStub(channel)
            .capture(CaptureRequest.newBuilder().setMaxBatchPrompts(count).build());
    TensorAssembler assembler = new TensorAssembler(MAX_TENSOR_BYTES);
    long bytes = 0;
    while (responses.hasNext()) {
      CaptureResponse response = responses.next();
      if (response.hasHeader()) {
        assembler.open(response.getHeader());
      } else if (response.hasChunk()) {
        bytes += response.getChunk().getData().size();
        assembler.add(response.getChunk()).ifPresent(reader);
      }
    }
    assembler.finish();
    return bytes;
  }

  @Override
  public void close() {
    channel.shutdownNow();
  }
}
