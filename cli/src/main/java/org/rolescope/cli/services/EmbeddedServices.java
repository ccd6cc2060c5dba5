package org.rolescope.cli.services;

import io.micronaut.context.ApplicationContext;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.rolescope.rpc.Address;

/** All services in this JVM, talking over in-process gRPC. */
final class EmbeddedServices implements AutoCloseable {
  private final Address address = Address.uniqueInProcess();
  private final ApplicationContext context;
  private final InProcessServer server;

  private EmbeddedServices(Set<ServiceRole> roles, Path data, Map<String, Object> settings) {
    Map<String, Object> properties = new HashMap<>(settings);
    properties.put("grpc.server.enabled", "false");
    context =
        ServiceContext.start(roles, data, new ServiceContext.Peers(address, address), properties);
    server = ServiceContext.faulting(context, () -> InProcessServer.start(context, address));
  }

  /**
   * Starts all services.
   *
   * @param data folder of models and runs
   * @param settings further settings
   */
  static EmbeddedServices start(Path data, Map<String, Object> settings) {
    return new EmbeddedServices(EnumSet.allOf(ServiceRole.class), data, settings);
  }

  /** Starts the metrics service alone, for numbers that need neither models nor runs. */
  static EmbeddedServices startMetrics() {
    return new EmbeddedServices(EnumSet.of(ServiceRole.METRICS), Path.of(""), Map.of());
  }

  /** Has them answer over HTTP too; they were started with the settings for that. */
  HttpListener listen(TcpServer.Bind bind) {
    return HttpListener.start(context, bind);
  }

  /** The address all services answer at. */
  Address address() {
    return address;
  }

  @Override
  public void close() {
    server.close();
    context.close();
  }
}
