package org.rolescope.bench.stream;

import io.grpc.Server;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import org.rolescope.rpc.Address;
import org.rolescope.rpc.FaultInterceptor;
import org.rolescope.rpc.PacedObserver;
import org.rolescope.tensors.TensorView;
import org.rolescope.tensors.wire.TensorFrames;
import org.rolescope.v1.CaptureRequest;
import org.rolescope.v1.CaptureResponse;
import org.rolescope.v1.CaptureStarted;
import org.rolescope.v1.InferenceServiceGrpc.InferenceServiceImplBase;

/** An inference service on a loopback port that sends the same pattern again and again. */
final class TensorServer extends InferenceServiceImplBase implements AutoCloseable {
  private final TensorView tensor;
  private final AtomicLong sentBytes = new AtomicLong();
  private final ExecutorService calls = Executors.newVirtualThreadPerTaskExecutor();
  private final ExecutorService passes = Executors.newCachedThreadPool();
  private final Server server;

  private TensorServer(TensorView tensor) {
    this.tensor = tensor;
    server =
        NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
            .executor(calls)
            .intercept(new FaultInterceptor())
            .addService(this)
            .build();
  }

  static TensorServer start(TensorView tensor) {
    TensorServer started = new TensorServer(tensor);
    try {
      started.server.start();
      return started;
    } catch (IOException failed) {
      started.close();
      throw new UncheckedIOException(failed);
    }
  }

  /** Where it listens. */
  Address address() {
    return new Address(InetAddress.getLoopbackAddress().getHostAddress() + ":" + server.getPort());
  }

  /** Bytes of tensors handed to the transport so far. */
  long sentBytes() {
    return sentBytes.get();
  }

  /** Sends as many tensors as {@code max_batch_prompts} says: the request has no better number. */
  @Override
  public void capture(CaptureRequest request, StreamObserver<CaptureResponse> observer) {
    PacedObserver<CaptureResponse> paced = new PacedObserver<>(observer);
    passes.execute(() -> stream(request.getMaxBatchPrompts(), paced));
  }

  @Override
  public void close() {
    server.shutdownNow();
    passes.shutdownNow();
    calls.shutdownNow();
  }

  private void stream(int count, PacedObserver<CaptureResponse> paced) {
    try {
      paced.send(
          CaptureResponse.newBuilder().setStarted(CaptureStarted.getDefaultInstance()).build());
      for (int tensorId = 0; tensorId < count; tensorId++) {
        send(tensorId, paced);
      }
      paced.complete();
    } catch (RuntimeException failed) {
      paced.fail(failed);
    }
  }

  private void send(int tensorId, PacedObserver<CaptureResponse> paced) {
    paced.send(
        CaptureResponse.newBuilder().setHeader(TensorFrames.header(tensorId, tensor)).build());
    TensorFrames.chunks(
        tensorId,
        tensor,
        chunk -> {
          paced.send(CaptureResponse.newBuilder().setChunk(chunk).build());
          sentBytes.addAndGet(chunk.getData().size());
        });
  }
}
