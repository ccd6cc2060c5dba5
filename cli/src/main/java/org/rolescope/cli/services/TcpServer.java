package org.rolescope.cli.services;

import io.micronaut.context.ApplicationContext;
import io.micronaut.grpc.server.GrpcEmbeddedServer;
import java.net.BindException;
import java.net.URI;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.rolescope.fault.FaultCode;
import org.rolescope.fault.RolescopeException;
import org.rolescope.rpc.Address;

/** Services of this process on a TCP port, with health and reflection. */
public final class TcpServer implements AutoCloseable {
  private final ApplicationContext context;
  private final InProcessServer inProcess;
  private Optional<HttpListener> http = Optional.empty();

  private TcpServer(ApplicationContext context, InProcessServer inProcess) {
    this.context = context;
    this.inProcess = inProcess;
  }

  /**
   * Starts one service that finds the others at these addresses.
   *
   * @param role the service
   * @param bind where it listens
   * @param data folder of models and runs
   * @param inference where the inference service is
   * @param metrics where the metrics service is
   * @param settings further settings
   * @throws RolescopeException CONFLICT where the port cannot be used
   */
  public static TcpServer start(
      ServiceRole role,
      Bind bind,
      Path data,
      Address inference,
      Address metrics,
      Map<String, Object> settings) {
    ApplicationContext context =
        context(Set.of(role), bind, data, new ServiceContext.Peers(inference, metrics), settings);
    return listening(new TcpServer(context, null), bind);
  }

  /**
   * Starts all services on one port; among themselves they talk in process.
   *
   * @param bind where they listen
   * @param data folder of models and runs
   * @param settings further settings
   * @throws RolescopeException CONFLICT where the port cannot be used
   */
  public static TcpServer startAll(Bind bind, Path data, Map<String, Object> settings) {
    Address self = Address.uniqueInProcess();
    ApplicationContext context =
        context(
            EnumSet.allOf(ServiceRole.class),
            bind,
            data,
            new ServiceContext.Peers(self, self),
            settings);
    InProcessServer inProcess =
        ServiceContext.faulting(context, () -> InProcessServer.start(context, self));
    return listening(new TcpServer(context, inProcess), bind);
  }

  /** Settings of a server that is to {@link #listen} over HTTP too. */
  public static Map<String, Object> httpSettings(Bind bind) {
    return HttpListener.settings(bind);
  }

  /**
   * Serves the HTTP API and the dashboard too.
   *
   * @param bind where, as in {@link #httpSettings}
   * @return root of the dashboard
   * @throws RolescopeException CONFLICT where the port cannot be used
   */
  public URI listen(Bind bind) {
    HttpListener listener = HttpListener.start(context, bind);
    http = Optional.of(listener);
    return listener.url();
  }

  /** Where it listens. */
  public Bind bind() {
    return new Bind(grpc().getHost(), grpc().getPort());
  }

  /** Waits until the server ends. */
  public void await() throws InterruptedException {
    grpc().getServer().awaitTermination();
  }

  @Override
  public void close() {
    http.ifPresent(HttpListener::close);
    if (inProcess != null) {
      inProcess.close();
    }
    context.close();
  }

  private GrpcEmbeddedServer grpc() {
    return context.getBean(GrpcEmbeddedServer.class);
  }

  private static ApplicationContext context(
      Set<ServiceRole> roles,
      Bind bind,
      Path data,
      ServiceContext.Peers peers,
      Map<String, Object> settings) {
    Map<String, Object> properties = new HashMap<>(settings);
    properties.put("rolescope.server.enabled", "true");
    properties.put("grpc.server.host", bind.host());
    properties.put("grpc.server.port", bind.port());
    properties.put("grpc.server.health.enabled", "true");
    properties.put("micronaut.executors.io.type", "THREAD_PER_TASK");
    properties.put("micronaut.executors.io.virtual", "true");
    return ServiceContext.start(roles, data, peers, properties);
  }

  private static TcpServer listening(TcpServer server, Bind bind) {
    try {
      return ServiceContext.faulting(
          server.context,
          () -> {
            server.grpc().start();
            return server;
          });
    } catch (RuntimeException failed) {
      server.close();
      throw translated(failed, bind);
    }
  }

  private static RuntimeException translated(RuntimeException failed, Bind bind) {
    for (Throwable cause = failed; cause != null; cause = cause.getCause()) {
      if (cause instanceof BindException) {
        return new RolescopeException(
            FaultCode.CONFLICT,
            "Port %d on %s cannot be used (%s); choose another with --port"
                .formatted(bind.port(), bind.host(), cause.getMessage()),
            failed);
      }
    }
    return failed;
  }

  /**
   * Where a server listens.
   *
   * @param host host name or address
   * @param port port; 0 for any free one
   */
  public record Bind(String host, int port) {}
}
