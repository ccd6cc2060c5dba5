package org.rolescope.cli.services;

import io.micronaut.context.ApplicationContext;
import io.micronaut.http.server.netty.NettyEmbeddedServer;
import java.net.BindException;
import java.net.URI;
import java.util.Map;
import org.rolescope.cli.services.TcpServer.Bind;
import org.rolescope.fault.FaultCode;
import org.rolescope.fault.RolescopeException;

/** The HTTP server of a context that holds an orchestrator. */
final class HttpListener implements AutoCloseable {
  /** What Micronaut takes for any free port. */
  private static final int ANY_PORT = -1;

  private final NettyEmbeddedServer server;
  private final String prefix;

  private HttpListener(NettyEmbeddedServer server, String prefix) {
    this.server = server;
    this.prefix = prefix;
  }

  /** What a context needs to be told before it starts. */
  static Map<String, Object> settings(Bind bind) {
    return Map.of(
        "rolescope.orchestrator.http.enabled",
        "true",
        "micronaut.server.host",
        bind.host(),
        "micronaut.server.port",
        bind.port() == 0 ? ANY_PORT : bind.port());
  }

  /**
   * Starts to listen.
   *
   * @param context a context with {@link #settings}
   * @param bind where
   * @throws RolescopeException CONFLICT where the port cannot be used
   */
  static HttpListener start(ApplicationContext context, Bind bind) {
    try {
      NettyEmbeddedServer server = context.getBean(NettyEmbeddedServer.class);
      server.start();
      return new HttpListener(
          server, context.getProperty("micronaut.server.context-path", String.class).orElse(""));
    } catch (RuntimeException failed) {
      throw translated(failed, bind);
    }
  }

  /** Where it listens. */
  Bind bind() {
    return new Bind(server.getHost(), server.getPort());
  }

  /** Root of the dashboard. */
  URI url() {
    return URI.create("http://%s:%d%s/".formatted(server.getHost(), server.getPort(), prefix));
  }

  @Override
  public void close() {
    server.stop();
  }

  private static RuntimeException translated(RuntimeException failed, Bind bind) {
    for (Throwable cause = failed; cause != null; cause = cause.getCause()) {
      if (cause instanceof BindException) {
        return new RolescopeException(
            FaultCode.CONFLICT,
            "Port %d on %s cannot be used for HTTP (%s); choose another port, or 0 for any free one"
                .formatted(bind.port(), bind.host(), cause.getMessage()),
            failed);
      }
    }
    return failed;
  }
}
