package org.rolescope.orchestrator.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.grpc.ManagedChannel;
import io.grpc.Server;
import io.grpc.ServerInterceptors;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyServerBuilder;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rolescope.openinference.GRPCInferenceServiceGrpc;
import org.rolescope.openinference.GRPCInferenceServiceGrpc.GRPCInferenceServiceBlockingStub;
import org.rolescope.openinference.InferParameter;
import org.rolescope.openinference.InferTensorContents;
import org.rolescope.openinference.ModelInferRequest;
import org.rolescope.openinference.ModelInferRequest.InferInputTensor;
import org.rolescope.openinference.ModelInferRequest.InferRequestedOutputTensor;
import org.rolescope.openinference.ModelInferResponse;
import org.rolescope.openinference.ModelMetadataRequest;
import org.rolescope.openinference.ModelMetadataResponse;
import org.rolescope.openinference.ModelMetadataResponse.TensorMetadata;
import org.rolescope.openinference.ModelReadyRequest;
import org.rolescope.openinference.ServerLiveRequest;
import org.rolescope.openinference.ServerMetadataRequest;
import org.rolescope.openinference.ServerReadyRequest;
import org.rolescope.orchestrator.oip.InferLimits;
import org.rolescope.orchestrator.oip.OpenInference;
import org.rolescope.orchestrator.testing.Bench;
import org.rolescope.orchestrator.testing.FakeModel;
import org.rolescope.rpc.Address;
import org.rolescope.rpc.FaultInterceptor;
import org.rolescope.v1.BosPolicy;
import org.rolescope.v1.LayerRange;
import org.rolescope.v1.PromptOptions;
import org.rolescope.v1.Tap;

/** Over TCP on the loopback interface, as a foreign client would. */
final class OpenInferenceEndpointTest {
  private static final int MAX_ANSWER_BYTES = 4000;
  private static final FakeModel MODEL = new FakeModel("tiny-base", "b".repeat(64), 3, 2);

  @TempDir private Path root;
  private Bench bench;
  private Server server;
  private ManagedChannel channel;

  @BeforeEach
  void start() throws IOException {
    bench = new Bench(root);
    OpenInference inference =
        new OpenInference(
            bench.inferenceClient(), bench.metricsClient(), new InferLimits(8, MAX_ANSWER_BYTES));
    server =
        NettyServerBuilder.forAddress(new InetSocketAddress("127.0.0.1", 0))
            .addService(
                ServerInterceptors.intercept(
                    new OpenInferenceEndpoint(inference), new FaultInterceptor()))
            .build()
            .start();
    channel = new Address("127.0.0.1:" + server.getPort()).open();
  }

  @AfterEach
  void stop() throws InterruptedException {
    bench.close();
    channel.shutdownNow();
    server.shutdownNow();
    server.awaitTermination(30, TimeUnit.SECONDS);
    channel.awaitTermination(30, TimeUnit.SECONDS);
  }

  @Test
  void serverAndModelsTellWhetherTheyAreReady() {
    assertThat(stub().serverLive(ServerLiveRequest.getDefaultInstance()).getLive()).isTrue();
    assertThat(stub().serverReady(ServerReadyRequest.getDefaultInstance()).getReady()).isTrue();
    assertThat(modelReady("tiny-base", "")).isTrue();
    assertThat(modelReady("tiny-base", "bbbbbbbb")).isTrue();
    assertThat(modelReady("tiny-base", "bbbbbbb")).isFalse();
    assertThat(modelReady("tiny-base", "cccccccc")).isFalse();
    assertThat(modelReady("none", "")).isFalse();
    var metadata = stub().serverMetadata(ServerMetadataRequest.getDefaultInstance());
    assertThat(metadata.getName()).isEqualTo("rolescope");
    assertThat(metadata.getVersion()).matches("\\d+\\.\\d+\\.\\d+.*");
  }

  @Test
  void withoutItsServicesItIsLiveButNotReady() {
    bench.stopServices();
    assertThat(stub().serverLive(ServerLiveRequest.getDefaultInstance()).getLive()).isTrue();
    assertThat(stub().serverReady(ServerReadyRequest.getDefaultInstance()).getReady()).isFalse();
    assertFails(Status.Code.UNAVAILABLE, "inference service", () -> modelReady("tiny-base", ""));
    assertFails(Status.Code.UNAVAILABLE, "inference service", () -> infer(request("logits", "A")));
  }

  @Test
  void metadataListsInputsAndOutputs() {
    ModelMetadataResponse metadata = metadata("tiny-base", "");
    assertThat(metadata.getName()).isEqualTo("tiny-base");
    assertThat(metadata.getVersionsList()).containsExactly("bbbbbbbbbbbb");
    assertThat(metadata.getInputsList()).containsExactly(tensor("text", "BYTES", -1));
    assertThat(metadata.getOutputsList())
        .containsExactly(
            tensor("logits", "FP32", -1, 100),
            tensor("token_ids", "INT64", -1, -1),
            tensor("token_counts", "INT64", -1),
            tensor("pattern.0", "FP32", -1, 2, -1, -1),
            tensor("pattern.1", "FP32", -1, 2, -1, -1),
            tensor("pattern.2", "FP32", -1, 2, -1, -1),
            tensor("entropy", "FP64", -1, -1, 2),
            tensor("entropy.reference", "FP64", -1, -1, 2),
            tensor("entropy.exact", "FP64", -1, -1, 2),
            tensor("entropy.length-normalised", "FP64", -1, -1, 2),
            tensor("entropy.sink-excluded", "FP64", -1, -1, 2),
            tensor("entropy.position-matched", "FP64", -1, -1, 2));
    assertFails(Status.Code.NOT_FOUND, "There is no model none", () -> metadata("none", ""));
    assertFails(
        Status.Code.NOT_FOUND, "its version is bbbbbbbbbbbb", () -> metadata("tiny-base", "1"));
  }

  @Test
  void logitsComeInTheOrderOfThePromptsWhateverTheirLength() {
    String[] prompts = {"A", "A much longer prompt", "B"};
    ModelInferResponse answer =
        infer(request("", prompts).setId("seven").setModelVersion("bbbbbbbb"));
    assertThat(answer.getModelName()).isEqualTo("tiny-base");
    assertThat(answer.getModelVersion()).isEqualTo("bbbbbbbbbbbb");
    assertThat(answer.getId()).isEqualTo("seven");
    assertThat(answer.getParametersMap())
        .containsEntry("digest", text("b".repeat(64)))
        .containsEntry("parity", text("unverified"))
        .containsEntry("runtime", text("fake 1.0"))
        .containsEntry("bos", text("auto"));
    assertThat(answer.getOutputs(0).getName()).isEqualTo("logits");
    assertThat(answer.getOutputs(0).getShapeList()).containsExactly(3L, 100L);
    ByteBuffer logits = bytes(answer, 0);
    for (List<Long> ids : tokenIds(prompts)) {
      for (float logit : MODEL.logits(ids)) {
        assertThat(logits.getFloat()).isEqualTo(logit);
      }
    }
    assertThat(logits.hasRemaining()).isFalse();
  }

  @Test
  void patternsAndTokensOfPromptsOfOneLength() {
    String[] prompts = {"Who are you", "What is rain"};
    ModelInferResponse answer =
        infer(
            request("pattern.2", prompts)
                .addOutputs(output("token_ids"))
                .addOutputs(output("pattern.1")));
    assertThat(answer.getOutputs(0).getShapeList()).containsExactly(2L, 2L, 4L, 4L);
    assertThat(answer.getOutputs(1).getShapeList()).containsExactly(2L, 4L);
    ByteBuffer second = bytes(answer, 0);
    ByteBuffer first = bytes(answer, 2);
    ByteBuffer tokens = bytes(answer, 1);
    for (List<Long> ids : tokenIds(prompts)) {
      assertPattern(second, MODEL.pattern(2, ids));
      assertPattern(first, MODEL.pattern(1, ids));
      ids.forEach(id -> assertThat(tokens.getLong()).isEqualTo(id));
    }
    assertThat(bench.inference().requests()).hasSize(1);
    assertThat(bench.inference().requests().getFirst().getTapsList())
        .containsExactly(Tap.TAP_PATTERN);
    assertThat(bench.inference().requests().getFirst().getLayers())
        .isEqualTo(LayerRange.newBuilder().setFirst(1).setLast(2).build());
  }

  @Test
  void entropiesArePromptByLayerByHead() {
    String[] prompts = {"A", "A much longer prompt"};
    ModelInferResponse answer =
        infer(
            request("entropy", prompts)
                .addOutputs(output("token_counts"))
                .addOutputs(output("entropy.reference"))
                .putParameters("first_layer", number(1)));
    assertThat(answer.getOutputs(0).getShapeList()).containsExactly(2L, 2L, 2L);
    ByteBuffer exact = bytes(answer, 0);
    ByteBuffer reference = bytes(answer, 2);
    for (List<Long> ids : tokenIds(prompts)) {
      for (int layer = 1; layer < 3; layer++) {
        for (float[][] head : MODEL.pattern(layer, ids)) {
          double nats = FakeModel.entropyNats(head);
          assertThat(exact.getDouble()).isEqualTo(nats);
          assertThat(reference.getDouble()).isEqualTo((float) nats);
        }
      }
    }
    ByteBuffer counts = bytes(answer, 1);
    assertThat(List.of(counts.getLong(), counts.getLong())).containsExactly(2L, 5L);
  }

  @Test
  void promptOptionsReachBothServices() {
    infer(
        request("logits", "A")
            .addOutputs(output("entropy"))
            .putParameters("bos", text("never"))
            .putParameters(
                "chat_template", InferParameter.newBuilder().setBoolParam(true).build()));
    PromptOptions expected =
        PromptOptions.newBuilder().setBos(BosPolicy.BOS_POLICY_NEVER).setChatTemplate(true).build();
    assertThat(bench.inference().requests().getFirst().getPromptOptions()).isEqualTo(expected);
    assertThat(bench.metrics().requests().getFirst().getPromptOptions()).isEqualTo(expected);
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
        () -> infer(request("logits", "A").setModelName("none")));
    assertFails(
        Status.Code.NOT_FOUND,
        "has no version `2`",
        () -> infer(request("logits", "A").setModelVersion("2")));
  }

  @Test
  void anAnswerOverTheLimitIsRefusedBeforeItIsMade() {
    infer(request("logits", "A", "B", "C", "D", "E", "F", "G", "H"));
    bench.trouble().holdAfter(0);
    ModelInferRequest.Builder larger =
        request("logits", "A", "B", "C", "D", "E", "F", "G", "H").addOutputs(output("token_ids"));
    larger.addOutputs(output("pattern.0")).addOutputs(output("entropy"));
    larger.addOutputs(output("entropy.reference"));
    assertFails(
        Status.Code.RESOURCE_EXHAUSTED, "4352 bytes, more than the 4000", () -> infer(larger));
    assertThat(bench.metrics().requests()).isEmpty();
  }

  @Test
  void aCallerWhoGivesUpStopsTheWork() throws Exception {
    bench.trouble().holdAfter(0);
    Future<ModelInferResponse> call =
        GRPCInferenceServiceGrpc.newFutureStub(channel)
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
            stub()
                .withDeadlineAfter(2, TimeUnit.SECONDS)
                .modelInfer(request("pattern.0", "A").build()));
    assertThat(bench.inference().cancelled().get(30, TimeUnit.SECONDS)).isNotNull();
  }

  private void invalid(String words, ModelInferRequest.Builder request) {
    assertFails(Status.Code.INVALID_ARGUMENT, words, () -> infer(request));
  }

  private static void assertFails(Status.Code code, String words, ThrowingCallable action) {
    assertThatThrownBy(action)
        .isInstanceOfSatisfying(
            StatusRuntimeException.class,
            failed -> assertThat(failed.getStatus().getCode()).isEqualTo(code))
        .hasMessageContaining(words);
  }

  private static void assertPattern(ByteBuffer actual, float[][][] expected) {
    for (float[][] head : expected) {
      for (float[] row : head) {
        for (float weight : row) {
          assertThat(actual.getFloat()).isEqualTo(weight);
        }
      }
    }
  }

  private static List<List<Long>> tokenIds(String... prompts) {
    return MODEL.started(List.of(prompts)).getPromptsList().stream()
        .map(prompt -> prompt.getTokenIdsList())
        .toList();
  }

  private static ByteBuffer bytes(ModelInferResponse answer, int output) {
    return answer
        .getRawOutputContents(output)
        .asReadOnlyByteBuffer()
        .order(ByteOrder.LITTLE_ENDIAN);
  }

  private static ModelInferRequest.Builder request(String output, String... prompts) {
    InferTensorContents.Builder contents = InferTensorContents.newBuilder();
    for (String prompt : prompts) {
      contents.addBytesContents(ByteString.copyFromUtf8(prompt));
    }
    ModelInferRequest.Builder request =
        ModelInferRequest.newBuilder()
            .setModelName("tiny-base")
            .addInputs(
                InferInputTensor.newBuilder()
                    .setName("text")
                    .setDatatype("BYTES")
                    .addShape(prompts.length)
                    .setContents(contents));
    return output.isEmpty() ? request : request.addOutputs(output(output));
  }

  private static InferRequestedOutputTensor output(String name) {
    return InferRequestedOutputTensor.newBuilder().setName(name).build();
  }

  private static InferParameter text(String value) {
    return InferParameter.newBuilder().setStringParam(value).build();
  }

  private static InferParameter number(long value) {
    return InferParameter.newBuilder().setInt64Param(value).build();
  }

  private static TensorMetadata tensor(String name, String datatype, long... shape) {
    TensorMetadata.Builder tensor = TensorMetadata.newBuilder().setName(name).setDatatype(datatype);
    for (long size : shape) {
      tensor.addShape(size);
    }
    return tensor.build();
  }

  private ModelInferResponse infer(ModelInferRequest.Builder request) {
    return stub().modelInfer(request.build());
  }

  private boolean modelReady(String name, String version) {
    return stub()
        .modelReady(ModelReadyRequest.newBuilder().setName(name).setVersion(version).build())
        .getReady();
  }

  private ModelMetadataResponse metadata(String name, String version) {
    return stub()
        .modelMetadata(ModelMetadataRequest.newBuilder().setName(name).setVersion(version).build());
  }

  private GRPCInferenceServiceBlockingStub stub() {
    return GRPCInferenceServiceGrpc.newBlockingStub(channel)
        .withDeadlineAfter(30, TimeUnit.SECONDS);
  }
}
