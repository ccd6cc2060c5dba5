package org.rolescope.orchestrator.testing;

import io.grpc.BindableService;
import io.grpc.ManagedChannel;
import io.grpc.Server;
import io.grpc.ServerInterceptors;
import io.grpc.netty.NettyServerBuilder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;
import org.rolescope.rpc.Address;
import org.rolescope.rpc.FaultInterceptor;

/** A service on a free TCP port of this machine, and a channel to it; both end with close. */
public final class LoopbackServer implements AutoCloseable {
  private final Server server;
  private final ManagedChannel channel;

  /** Starts serving. */
  public LoopbackServer(BindableService service) {
    try {
      server =
          NettyServerBuilder.forAddress(new InetSocketAddress("127.0.0.1", 0))
              .addService(ServerInterceptors.intercept(service, new FaultInterceptor()))
              .build()
              .start();
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
    channel = new Address("127.0.0.1:" + server.getPort()).open();
  }

  /** A channel to the service. */
  public ManagedChannel channel() {
    return channel;
  }

  @Override
  public void close() {
    channel.shutdownNow();
    server.shutdownNow();
    try {
      server.awaitTermination(30, TimeUnit.SECONDS);
      channel.awaitTermination(30, TimeUnit.SECONDS);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
