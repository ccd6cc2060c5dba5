package org.rolescope.orchestrator.config;

import io.grpc.ManagedChannel;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.rolescope.orchestrator.causes.Causes;
import org.rolescope.orchestrator.client.InferenceClient;
import org.rolescope.orchestrator.client.MetricsClient;
import org.rolescope.orchestrator.execute.MeasuringServices;
import org.rolescope.orchestrator.execute.Runs;
import org.rolescope.orchestrator.intervene.Interventions;
import org.rolescope.orchestrator.oip.InferLimits;
import org.rolescope.orchestrator.oip.OpenInference;
import org.rolescope.orchestrator.patch.Patching;
import org.rolescope.orchestrator.runstore.RunStore;
import org.rolescope.orchestrator.stepwise.WorkStore;
import org.rolescope.orchestrator.view.CapturedPattern;
import org.rolescope.orchestrator.view.Catalog;
import org.rolescope.orchestrator.view.Versions.Thresholds;
import org.rolescope.rpc.Address;

/** The orchestrator put together: channels, threads, runs. Closing it stops all of them. */
public final class OrchestratorServices implements AutoCloseable {
  private static final long STOP_SECONDS = 10;

  private final ManagedChannel inference;
  private final ManagedChannel metrics;
  private final ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();
  private final MeasuringServices services;
  private final Runs runs;
  private final WorkStore works;
  private final Interventions interventions;
  private final Patching patching;

  /**
   * Opens the channels. They connect when they are first used.
   *
   * @throws org.rolescope.fault.RolescopeException INVALID_ARGUMENT where an address is none
   */
  public OrchestratorServices(OrchestratorConfiguration configuration) {
    Address inferenceAddress = new Address(configuration.inference());
    Address metricsAddress = new Address(configuration.metrics());
    inference = inferenceAddress.open();
    metrics = metricsAddress.open();
    services =
        new MeasuringServices(
            new InferenceClient(inference, inferenceAddress),
            new MetricsClient(metrics, metricsAddress));
    Path runsDirectory = Path.of(configuration.runsDirectory()).toAbsolutePath().normalize();
    runs = new Runs(new RunStore(runsDirectory), services, executor);
    works = new WorkStore(runsDirectory.resolveSibling(""));
    interventions = new Interventions(works, services);
    patching = new Patching(works, services);
  }

  /** The runs. */
  public Runs runs() {
    return runs;
  }

  /** Ablations on the same services. */
  public Interventions interventions() {
    return interventions;
  }

  /** Patches on the same services. */
  public Patching patching() {
    return patching;
  }

  /** Reports on the causes behind the runs. */
  public Causes causes() {
    return new Causes(runs, works, interventions, patching, services.metrics());
  }

  /** The runs as views. */
  public Catalog catalog(Thresholds thresholds) {
    return new Catalog(
        runs,
        run -> new CapturedPattern(services.inference(), run),
        services.metrics()::correlateSeries,
        thresholds);
  }

  /** Who measures. */
  public MeasuringServices services() {
    return services;
  }

  /** The Open Inference Protocol on the same services. */
  public OpenInference openInference(InferLimits limits) {
    return new OpenInference(services.inference(), services.metrics(), limits);
  }

  /** Threads for runs and for those who watch them. */
  public ExecutorService executor() {
    return executor;
  }

  /** Stops the runs, which can be gone on with, and waits a while for them. */
  @Override
  public void close() {
    runs.close();
    executor.shutdownNow();
    try {
      if (!executor.awaitTermination(STOP_SECONDS, TimeUnit.SECONDS)) {
        System.getLogger(OrchestratorServices.class.getName())
            .log(System.Logger.Level.WARNING, "a run did not stop in time");
      }
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
    List.of(inference, metrics).forEach(ManagedChannel::shutdownNow);
  }
}
