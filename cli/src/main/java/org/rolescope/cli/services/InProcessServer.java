package org.rolescope.cli.services;

import io.grpc.BindableService;
import io.grpc.Server;
import io.grpc.inprocess.InProcessServerBuilder;
import io.micronaut.context.ApplicationContext;
import java.io.IOException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.rolescope.fault.FaultCode;
import org.rolescope.fault.RolescopeException;
import org.rolescope.rpc.Address;
import org.rolescope.rpc.FaultInterceptor;

/** The services of a context, reachable inside this JVM. */
final class InProcessServer implements AutoCloseable {
  private final ExecutorService calls = Executors.newVirtualThreadPerTaskExecutor();
  private final Server server;

  private InProcessServer(ApplicationContext context, Address address) {
    InProcessServerBuilder builder =
        InProcessServerBuilder.forName(address.inProcessName())
            .executor(calls)
            .intercept(new FaultInterceptor());
    context.getBeansOfType(BindableService.class).forEach(builder::addService);
    server = builder.build();
  }

  static InProcessServer start(ApplicationContext context, Address address) {
    InProcessServer started = new InProcessServer(context, address);
    try {
      started.server.start();
      return started;
    } catch (IOException failed) {
      started.close();
      throw new RolescopeException(
          FaultCode.INTERNAL, "The services cannot be started: " + failed.getMessage(), failed);
    }
  }

  @Override
  public void close() {
    server.shutdownNow();
    try {
      server.awaitTermination(5, TimeUnit.SECONDS);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
    calls.shutdownNow();
  }
}
