package org.rolescope.cli.command;

import java.io.PrintWriter;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.rolescope.cli.services.ServiceRole;
import org.rolescope.cli.services.TcpServer;
import org.rolescope.fault.FaultCode;
import org.rolescope.fault.RolescopeException;
import org.rolescope.rpc.Address;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code rolescope serve}. */
@Command(
    name = "serve",
    mixinStandardHelpOptions = true,
    header = "Run a service, or all of them on one port.",
    description = {
      "Runs until it is stopped. gRPC with standard health and reflection;",
      "loopback unless --host says otherwise. An orchestrator serves the dashboard and its",
      "HTTP API too where --http-port is given."
    })
public final class ServeCommand implements Callable<Integer> {
  /** What can be served. */
  enum What {
    /** {@code InferenceService}. */
    INFERENCE(50051),
    /** {@code MetricsService}. */
    METRICS(50052),
    /** {@code OrchestratorService}. */
    ORCHESTRATOR(50053),
    /** All three. */
    ALL(50050);

    private final int defaultPort;

    What(int defaultPort) {
      this.defaultPort = defaultPort;
    }
  }

  @Spec private CommandSpec spec;

  @Parameters(paramLabel = "SERVICE", description = "One of inference, metrics, orchestrator, all.")
  private What what;

  @Option(
      names = "--host",
      paramLabel = "HOST",
      defaultValue = "127.0.0.1",
      description = "Address to listen on (default: ${DEFAULT-VALUE}).")
  private String host;

  @Option(
      names = "--port",
      paramLabel = "PORT",
      description =
          "Port to listen on, 0 for any free one "
              + "(default: inference 50051, metrics 50052, orchestrator 50053, all 50050).")
  private Integer port;

  @Option(
      names = "--http-port",
      paramLabel = "PORT",
      description =
          "Port for the dashboard and its HTTP API, 0 for any free one; "
              + "orchestrator and all only (default: neither is served).")
  private Integer httpPort;

  @Option(
      names = "--inference",
      paramLabel = "HOST:PORT",
      defaultValue = "127.0.0.1:50051",
      description = "Where the inference service is (default: ${DEFAULT-VALUE}).")
  private String inference;

  @Option(
      names = "--metrics",
      paramLabel = "HOST:PORT",
      defaultValue = "127.0.0.1:50052",
      description = "Where the metrics service is (default: ${DEFAULT-VALUE}).")
  private String metrics;

  @Mixin private DeviceOptions device;
  @Mixin private DataOptions data;

  /** Picocli creates commands. */
  public ServeCommand() {}

  @Override
  public Integer call() throws InterruptedException {
    PrintWriter out = spec.commandLine().getOut();
    try (TcpServer server = start()) {
      Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().unstarted(server::close));
      listens(out, what.name().toLowerCase(Locale.ROOT), server.bind());
      if (httpPort != null) {
        out.printf("rolescope dashboard: %s%n", server.listen(http()));
      }
      out.flush();
      server.await();
    }
    return 0;
  }

  private static void listens(PrintWriter out, String name, TcpServer.Bind bound) {
    out.printf("rolescope %s listens on %s:%d%n", name, bound.host(), bound.port());
  }

  private TcpServer start() {
    TcpServer.Bind bind = new TcpServer.Bind(host, port == null ? what.defaultPort : port);
    return switch (what) {
      case INFERENCE -> start(ServiceRole.INFERENCE, bind);
      case METRICS -> start(ServiceRole.METRICS, bind);
      case ORCHESTRATOR -> start(ServiceRole.ORCHESTRATOR, bind);
      case ALL -> TcpServer.startAll(bind, data.folder(), settings());
    };
  }

  private TcpServer start(ServiceRole role, TcpServer.Bind bind) {
    if (httpPort != null && role != ServiceRole.ORCHESTRATOR) {
      throw new RolescopeException(
          FaultCode.INVALID_ARGUMENT,
          "--http-port is for orchestrator and all; service %s has no HTTP API"
              .formatted(role.label()));
    }
    return TcpServer.start(
        role, bind, data.folder(), new Address(inference), new Address(metrics), settings());
  }

  private TcpServer.Bind http() {
    return new TcpServer.Bind(host, httpPort);
  }

  private Map<String, Object> settings() {
    Map<String, Object> settings = new HashMap<>(device.settings());
    if (httpPort != null) {
      settings.putAll(TcpServer.httpSettings(http()));
    }
    return settings;
  }
}
