package org.rolescope.bench.analysis;

import io.grpc.ManagedChannel;
import io.grpc.Server;
import io.grpc.inprocess.InProcessServerBuilder;
import io.micronaut.context.ApplicationContext;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.rolescope.inference.forward.PassReport;
import org.rolescope.inference.grpc.InferenceEndpoint;
import org.rolescope.rpc.Address;
import org.rolescope.rpc.FaultInterceptor;

/** The inference service as the command embeds it, with its default configuration. */
public final class InferenceInProcess implements AutoCloseable {
  private final Address address = Address.uniqueInProcess();
  private final ExecutorService calls = Executors.newVirtualThreadPerTaskExecutor();
  private final ApplicationContext context;
  private final Server server;
  private final ManagedChannel channel;
  private final ReportingService reporting;

  private InferenceInProcess(Map<String, Object> properties, boolean reports) {
    context =
        ApplicationContext.builder()
            .banner(false)
            .deduceEnvironment(false)
            .properties(properties)
            .start();
    InProcessServerBuilder builder =
        InProcessServerBuilder.forName(address.inProcessName())
            .executor(calls)
            .intercept(new FaultInterceptor());
    reporting = reports ? new ReportingService(context) : null;
    builder.addService(reports ? reporting : context.getBean(InferenceEndpoint.class));
    server = builder.build();
    channel = address.open();
  }

  /**
   * Starts the service.
   *
   * @param models folder whose sub-folders are bundles
   */
  public static InferenceInProcess start(Path models) {
    return start(models, Map.of());
  }

  /**
   * Starts the service.
   *
   * @param models folder whose sub-folders are bundles
   * @param settings further properties of {@code rolescope.inference}, by name
   */
  public static InferenceInProcess start(Path models, Map<String, String> settings) {
    return started(new InferenceInProcess(properties(models, settings), false));
  }

  /**
   * Starts the service with an endpoint that keeps the report of each pass.
   *
   * @param models folder whose sub-folders are bundles
   * @param settings further properties of {@code rolescope.inference}, by name
   */
  public static InferenceInProcess startReporting(Path models, Map<String, String> settings) {
    return started(new InferenceInProcess(properties(models, settings), true));
  }

  /** Leads to the service. */
  public ManagedChannel channel() {
    return channel;
  }

  /** What the last pass cost, where the service was started to report. */
  public PassReport report() {
    return reporting.report();
  }

  @Override
  public void close() {
    channel.shutdownNow();
    server.shutdownNow();
    calls.shutdownNow();
    context.close();
  }

  private static Map<String, Object> properties(Path models, Map<String, String> settings) {
    Map<String, Object> properties = new HashMap<>();
    settings.forEach((name, value) -> properties.put("rolescope.inference." + name, value));
    properties.put("rolescope.inference.enabled", "true");
    properties.put("rolescope.inference.models-directory", models.toString());
    return properties;
  }

  private static InferenceInProcess started(InferenceInProcess inference) {
    try {
      inference.server.start();
      return inference;
    } catch (IOException failed) {
      inference.close();
      throw new UncheckedIOException(failed);
    }
  }
}
