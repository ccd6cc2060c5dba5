package org.rolescope.metrics.grpc;

import io.grpc.ManagedChannel;
import org.rolescope.metrics.client.InferenceClient;
import org.rolescope.metrics.testing.LoopbackServer;
import org.rolescope.rpc.Address;

/** The metrics service on a free port of this machine; it ends with close. */
final class MetricsServer implements AutoCloseable {
  private static final long MAX_TENSOR_BYTES = 1 << 20;

  private final ManagedChannel upstream;
  private final LoopbackServer server;

  /** A service that pulls tensors from this inference service. */
  MetricsServer(Address inference) {
    upstream = inference.open();
    server =
        new LoopbackServer(
            new MetricsEndpoint(
                new InferenceClient(upstream, inference, MAX_TENSOR_BYTES),
                task -> Thread.ofVirtual().start(task)));
  }

  /** A service for calls that need no inference service. */
  static MetricsServer alone() {
    return new MetricsServer(Address.inProcess("nowhere"));
  }

  /** A channel to it. */
  ManagedChannel channel() {
    return server.channel();
  }

  @Override
  public void close() {
    server.close();
    upstream.shutdownNow();
  }
}
