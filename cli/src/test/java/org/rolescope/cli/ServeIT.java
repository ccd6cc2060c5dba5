package org.rolescope.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.ManagedChannel;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.reflection.v1.ServerReflectionGrpc;
import io.grpc.reflection.v1.ServerReflectionRequest;
import io.grpc.reflection.v1.ServerReflectionResponse;
import io.grpc.reflection.v1.ServiceResponse;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.rolescope.cli.CommandProcess.Outcome;
import org.rolescope.rpc.Address;

/** Servers as their operators and foreign clients see them. */
@Timeout(300)
final class ServeIT {
  private static final String[] OPTIONS = {"--port", "0", "--data", "data"};

  @TempDir Path folder;

  @ParameterizedTest
  @CsvSource({
    "inference, InferenceService",
    "metrics, MetricsService",
    "orchestrator, OrchestratorService"
  })
  void aServerOffersItsServiceWithHealthAndReflection(String name, String service)
      throws Exception {
    try (CommandProcess server = CommandProcess.serve(folder, OPTIONS, "serve", name)) {
      ManagedChannel channel = new Address(server.address()).open();
      try {
        assertThat(health(channel)).isEqualTo(ServingStatus.SERVING);
        assertThat(services(channel))
            .contains("rolescope.v1." + service, "grpc.health.v1.Health")
            .filteredOn(offered -> offered.startsWith("rolescope"))
            .hasSize(1);
      } finally {
        channel.shutdownNow().awaitTermination(5, TimeUnit.SECONDS);
      }
    }
  }

  @Test
  void allServicesOnOnePortMeasureTheDemo() throws IOException, InterruptedException {
    try (CommandProcess server = CommandProcess.serve(folder, OPTIONS, "serve", "all")) {
      Outcome measured =
          CommandProcess.run(
              folder,
              small("demo", "--no-serve", "--data", "data", "--orchestrator", server.address()));
      assertThat(measured.exitCode()).as(measured.err()).isZero();
      assertThat(measured.out()).contains("RFC, role focus coefficient");
      Outcome models = CommandProcess.run(folder, "models", "--inference", server.address());
      assertThat(models.out()).contains("demo-base", "demo-instruct", "1,312,384");
    }
  }

  @Test
  void analyzeMeasuresOneModel() throws IOException, InterruptedException {
    Path base = Path.of("../examples/demo-models/base").toAbsolutePath();
    Outcome exported = CommandProcess.run(folder, "export", base.toString(), "--data", "data");
    assertThat(exported.out()).contains("Exported base: llama, 6 layers");
    String[] analyze =
        small("analyze", "base", "--data", "data", "--prompts", "published", "--no-raw-patterns");
    Outcome measured = CommandProcess.run(folder, analyze);
    assertThat(measured.exitCode()).as(measured.err()).isZero();
    assertThat(measured.out())
        .contains("RFC [95% CI]", "RSI, reference", "results_base_activation/latest_run")
        .doesNotContain("latest_base", "npz");
  }

  /** No test here looks at a number. */
  private static String[] small(String... command) {
    String[] options = {"--prompts-per-category", "3", "--resamples", "50"};
    return Stream.of(command, options).flatMap(Stream::of).toArray(String[]::new);
  }

  private static ServingStatus health(ManagedChannel channel) {
    return HealthGrpc.newBlockingStub(channel)
        .withDeadlineAfter(30, TimeUnit.SECONDS)
        .check(HealthCheckRequest.getDefaultInstance())
        .getStatus();
  }

  private static List<String> services(ManagedChannel channel) throws Exception {
    CompletableFuture<List<String>> names = new CompletableFuture<>();
    StreamObserver<ServerReflectionRequest> requests =
        ServerReflectionGrpc.newStub(channel)
            .withDeadlineAfter(30, TimeUnit.SECONDS)
            .serverReflectionInfo(
                new StreamObserver<>() {
                  @Override
                  public void onNext(ServerReflectionResponse response) {
                    names.complete(
                        response.getListServicesResponse().getServiceList().stream()
                            .map(ServiceResponse::getName)
                            .toList());
                  }

                  @Override
                  public void onError(Throwable failed) {
                    names.completeExceptionally(failed);
                  }

                  @Override
                  public void onCompleted() {}
                });
    requests.onNext(ServerReflectionRequest.newBuilder().setListServices("").build());
    List<String> result = names.get(30, TimeUnit.SECONDS);
    requests.onCompleted();
    return result;
  }
}
