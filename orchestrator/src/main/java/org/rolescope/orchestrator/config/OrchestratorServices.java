package org.rolescope.orchestrator.config;

import io.grpc.ManagedChannel;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.rolescope.orchestrator.client.InferenceClient;
import org.rolescope.orchestrator.client.MetricsClient;
import org.rolescope.orchestrator.execute.MeasuringServices;
import org.rolescope.orchestrator.execute.Runs;
import org.rolescope.orchestrator.intervene.Interventions;
import org.rolescope.orchestrator.oip.InferLimits;
import org.rolescope.orchestrator.oip.OpenInference;
import org.rolescope.orchestrator.runstore.RunStore;
import org.rolescope.orchestrator.stepwise.WorkStore;
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
  }

  /** The runs. */
  public Runs runs() {
    return runs;
  }

  /** What is kept of other work, beside the runs. */
  public WorkStore works() {
    return works;
  }

  /** Ablation runs on the same services. */
  public Interventions interventions() {
    return new Interventions(works, services);
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
