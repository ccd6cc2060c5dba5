package org.rolescope.orchestrator.testing;

import io.grpc.ManagedChannel;
import io.grpc.Server;
import io.grpc.ServerInterceptors;
import io.grpc.inprocess.InProcessServerBuilder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.rolescope.orchestrator.causes.Causes;
import org.rolescope.orchestrator.client.InferenceClient;
import org.rolescope.orchestrator.client.MetricsClient;
import org.rolescope.orchestrator.execute.MeasuringServices;
import org.rolescope.orchestrator.execute.RunEvent;
import org.rolescope.orchestrator.execute.RunStatus;
import org.rolescope.orchestrator.execute.RunWatch;
import org.rolescope.orchestrator.execute.Runs;
import org.rolescope.orchestrator.grpc.OrchestratorEndpoint;
import org.rolescope.orchestrator.intervene.Interventions;
import org.rolescope.orchestrator.patch.Patching;
import org.rolescope.orchestrator.plan.RunId;
import org.rolescope.orchestrator.plan.RunPlan;
import org.rolescope.orchestrator.runstore.RunStore;
import org.rolescope.orchestrator.stepwise.WorkStore;
import org.rolescope.rpc.Address;
import org.rolescope.rpc.FaultInterceptor;

/** Runs over real gRPC on fakes: models {@code tiny-base} and {@code tiny-instruct}. */
public final class Bench implements AutoCloseable {
  public static final int LAYERS = 3;
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final FakeModels models = new FakeModels();
  private final Trouble trouble = new Trouble();
  private final FakeInference inference = new FakeInference(models, trouble);
  private final FakeMetrics metrics = new FakeMetrics(models, trouble);
  private final Address address = Address.uniqueInProcess();
  private final ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();
  private final Server server;
  private final ManagedChannel channel;
  private final Runs runs;
  private final WorkStore works;
  private final Interventions interventions;
  private final Patching patching;

  public Bench(Path root) {
    this(root, Long.MAX_VALUE);
  }

  /** With so many bytes for one layer of patterns. */
  public Bench(Path root, long maxLayerBytes) {
    models.put(new FakeModel("tiny-base", "b".repeat(64), LAYERS, 2));
    models.put(new FakeModel("tiny-instruct", "c".repeat(64), LAYERS, 2));
    server = serve();
    channel = address.open();
    MeasuringServices services =
        new MeasuringServices(
            new InferenceClient(channel, address),
            new MetricsClient(channel, address),
            maxLayerBytes);
    runs = new Runs(new RunStore(root), services, executor);
    works = new WorkStore(root);
    interventions = new Interventions(works, services);
    patching = new Patching(works, services);
  }

  public FakeModels models() {
    return models;
  }

  public Trouble trouble() {
    return trouble;
  }

  public FakeInference inference() {
    return inference;
  }

  public FakeMetrics metrics() {
    return metrics;
  }

  public Runs runs() {
    return runs;
  }

  public Interventions interventions() {
    return interventions;
  }

  /** Keeps what it does in the folder {@code patching} of the root. */
  public Patching patching() {
    return patching;
  }

  /** The orchestrator on these fakes. */
  public OrchestratorEndpoint endpoint() {
    return new OrchestratorEndpoint(
        runs,
        interventions,
        patching,
        new Causes(runs, works, interventions, patching, metricsClient()),
        executor);
  }

  public InferenceClient inferenceClient() {
    return new InferenceClient(channel, address);
  }

  public MetricsClient metricsClient() {
    return new MetricsClient(channel, address);
  }

  /** Where the fakes answer. */
  public Address address() {
    return address;
  }

  public ExecutorService executor() {
    return executor;
  }

  /** Starts a run and waits for its end. */
  public RunStatus finish(RunPlan plan) {
    return events(runs.start(plan, false).id()).getLast().status();
  }

  /** Everything a watcher is told from now on. */
  public List<RunEvent> events(RunId id) {
    try (RunWatch watch = runs.watch(id)) {
      return drain(watch);
    }
  }

  /** Everything a watcher is told. */
  public static List<RunEvent> drain(RunWatch watch) {
    List<RunEvent> events = new ArrayList<>();
    while (events.isEmpty() || !(events.getLast() instanceof RunEvent.Ended)) {
      Optional<RunEvent> next = watch.next(PATIENCE);
      events.add(next.orElseThrow(() -> new AssertionError("nothing more after " + events)));
    }
    return events;
  }

  /** Ends both services. */
  public void stopServices() {
    server.shutdownNow();
  }

  @Override
  public void close() {
    trouble.letGo();
    runs.close();
    executor.shutdownNow();
    channel.shutdownNow();
    server.shutdownNow();
    try {
      executor.awaitTermination(PATIENCE.toSeconds(), TimeUnit.SECONDS);
      server.awaitTermination(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private Server serve() {
    try {
      return InProcessServerBuilder.forName(address.inProcessName())
          .addService(ServerInterceptors.intercept(inference, new FaultInterceptor()))
          .addService(ServerInterceptors.intercept(metrics, new FaultInterceptor()))
          .build()
          .start();
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }
}
