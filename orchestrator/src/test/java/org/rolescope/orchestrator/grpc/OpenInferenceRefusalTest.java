package org.rolescope.orchestrator.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.rolescope.orchestrator.grpc.InferRequests.number;
import static org.rolescope.orchestrator.grpc.InferRequests.output;
import static org.rolescope.orchestrator.grpc.InferRequests.request;
import static org.rolescope.orchestrator.grpc.InferRequests.text;
import static org.rolescope.orchestrator.grpc.OpenInferenceServer.assertFails;

import io.grpc.Status;
import java.nio.file.Path;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rolescope.openinference.GRPCInferenceServiceGrpc;
import org.rolescope.openinference.ModelInferRequest;
import org.rolescope.openinference.ModelInferRequest.InferRequestedOutputTensor;
import org.rolescope.openinference.ModelInferResponse;
import org.rolescope.orchestrator.testing.Bench;

/** What is refused, limited or given up over TCP on the loopback interface. */
final class OpenInferenceRefusalTest {
  @TempDir private Path root;
  private Bench bench;
  private OpenInferenceServer server;

  @BeforeEach
  void start() {
    bench = new Bench(root);
    server = new OpenInferenceServer(bench);
  }

  @AfterEach
  void stop() {
    bench.close();
    server.close();
  }

  @Test
  void whatTheModelDoesNotHaveIsRefused() {
    invalid("has no output `pattern.3`", request("pattern.3", "A"));
    invalid("pattern.0 to pattern.2", request("attention", "A"));
    invalid("is asked for twice", request("logits", "A").addOutputs(output("logits")));
    invalid(
        "comes with parameters (classification)",
        request("", "A")
            .addOutputs(
                InferRequestedOutputTensor.newBuilder()
                    .setName("logits")
                    .putParameters("classification", number(3))));
    invalid("no parameter `temperature`", request("", "A").putParameters("temperature", number(1)));
    invalid("layers 0 to 2", request("entropy", "A").putParameters("last_layer", number(3)));
    invalid("layers 0 to 2", request("entropy", "A").putParameters("first_layer", number(-1)));
    invalid("to be an integer", request("", "A").putParameters("first_layer", text("1")));
    invalid("auto, always or never", request("", "A").putParameters("bos", number(1)));
    invalid("true or false", request("", "A").putParameters("chat_template", text("yes")));
    invalid("[2, 3]", request("token_ids", "A", "B C"));
    invalid("longer than the context", request("logits", "x ".repeat(20)));
    assertFails(
        Status.Code.NOT_FOUND,
        "There is no model none",
        () -> server.infer(request("logits", "A").setModelName("none")));
    assertFails(
        Status.Code.NOT_FOUND,
        "has no version `2`",
        () -> server.infer(request("logits", "A").setModelVersion("2")));
  }

  @Test
  void anAnswerOverTheLimitIsRefusedBeforeItIsMade() {
    server.infer(request("logits", "A", "B", "C", "D", "E", "F", "G", "H"));
    bench.trouble().holdAfter(0);
    ModelInferRequest.Builder larger =
        request("logits", "A", "B", "C", "D", "E", "F", "G", "H").addOutputs(output("token_ids"));
    larger.addOutputs(output("pattern.0")).addOutputs(output("entropy"));
    larger.addOutputs(output("entropy.reference"));
    assertFails(
        Status.Code.RESOURCE_EXHAUSTED,
        "4352 bytes, more than the 4000",
        () -> server.infer(larger));
    assertThat(bench.metrics().requests()).isEmpty();
  }

  @Test
  void aCallerWhoGivesUpStopsTheWork() throws Exception {
    bench.trouble().holdAfter(0);
    Future<ModelInferResponse> call =
        GRPCInferenceServiceGrpc.newFutureStub(server.channel())
            .modelInfer(request("pattern.0", "A").build());
    assertThat(call.isDone()).isFalse();
    while (bench.inference().requests().isEmpty()) {
      Thread.onSpinWait();
    }
    call.cancel(true);
    assertThat(bench.inference().cancelled().get(30, TimeUnit.SECONDS)).isNotNull();
  }

  @Test
  void aDeadlineStopsTheWork() throws Exception {
    bench.trouble().holdAfter(0);
    assertFails(
        Status.Code.DEADLINE_EXCEEDED,
        "",
        () ->
            server
                .stub()
                .withDeadlineAfter(2, TimeUnit.SECONDS)
                .modelInfer(request("pattern.0", "A").build()));
    assertThat(bench.inference().cancelled().get(30, TimeUnit.SECONDS)).isNotNull();
  }

  private void invalid(String words, ModelInferRequest.Builder request) {
    assertFails(Status.Code.INVALID_ARGUMENT, words, () -> server.infer(request));
  }
}
