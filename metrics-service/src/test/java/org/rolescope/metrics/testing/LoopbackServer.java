package org.rolescope.metrics.testing;

import io.grpc.BindableService;
import io.grpc.ManagedChannel;
import io.grpc.Server;
import io.grpc.netty.NettyServerBuilder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
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
    InetSocketAddress anyPort = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    try {
      server =
          NettyServerBuilder.forAddress(anyPort)
              .addService(service)
              .intercept(new FaultInterceptor())
              .build()
              .start();
    } catch (IOException notStarted) {
      throw new UncheckedIOException(notStarted);
    }
    channel = address().open();
  }

  /** Where the service is. */
  public Address address() {
    return new Address("127.0.0.1:" + server.getPort());
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
      if (!server.awaitTermination(10, TimeUnit.SECONDS)) {
        throw new IllegalStateException("the server does not stop");
      }
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
