package org.rolescope.orchestrator.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.rolescope.openinference.GRPCInferenceServiceGrpc;
import org.rolescope.openinference.GRPCInferenceServiceGrpc.GRPCInferenceServiceBlockingStub;
import org.rolescope.openinference.ModelInferRequest;
import org.rolescope.openinference.ModelInferResponse;
import org.rolescope.openinference.ModelMetadataRequest;
import org.rolescope.openinference.ModelMetadataResponse;
import org.rolescope.openinference.ModelReadyRequest;
import org.rolescope.orchestrator.oip.InferLimits;
import org.rolescope.orchestrator.oip.OpenInference;
import org.rolescope.orchestrator.testing.Bench;
import org.rolescope.orchestrator.testing.LoopbackServer;

/**
 * The Open Inference Protocol before the fakes of a bench, for at most 8 prompts and answers of
 * 4000 bytes; it ends with close, the bench does not.
 */
final class OpenInferenceServer implements AutoCloseable {
  private static final int MAX_PROMPTS = 8;
  private static final int MAX_ANSWER_BYTES = 4000;

  private final LoopbackServer server;

  OpenInferenceServer(Bench bench) {
    server =
        new LoopbackServer(
            new OpenInferenceEndpoint(
                new OpenInference(
                    bench.inferenceClient(),
                    bench.metricsClient(),
                    new InferLimits(MAX_PROMPTS, MAX_ANSWER_BYTES))));
  }

  /** A channel to it. */
  ManagedChannel channel() {
    return server.channel();
  }

  /** Calls that end after 30 seconds at the latest. */
  GRPCInferenceServiceBlockingStub stub() {
    return GRPCInferenceServiceGrpc.newBlockingStub(channel())
        .withDeadlineAfter(30, TimeUnit.SECONDS);
  }

  ModelInferResponse infer(ModelInferRequest.Builder request) {
    return stub().modelInfer(request.build());
  }

  boolean modelReady(String name, String version) {
    return stub()
        .modelReady(ModelReadyRequest.newBuilder().setName(name).setVersion(version).build())
        .getReady();
  }

  ModelMetadataResponse metadata(String name, String version) {
    return stub()
        .modelMetadata(ModelMetadataRequest.newBuilder().setName(name).setVersion(version).build());
  }

  /** That a call fails with this status and these words. */
  static void assertFails(Status.Code code, String words, ThrowingCallable action) {
    assertThatThrownBy(action)
        .isInstanceOfSatisfying(
            StatusRuntimeException.class,
            failed -> assertThat(failed.getStatus().getCode()).isEqualTo(code))
        .hasMessageContaining(words);
  }

  @Override
  public void close() {
    server.close();
  }
}
