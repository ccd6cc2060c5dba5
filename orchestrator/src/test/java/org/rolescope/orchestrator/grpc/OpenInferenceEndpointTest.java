package org.rolescope.orchestrator.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.rolescope.orchestrator.grpc.InferRequests.number;
import static org.rolescope.orchestrator.grpc.InferRequests.output;
import static org.rolescope.orchestrator.grpc.InferRequests.request;
import static org.rolescope.orchestrator.grpc.InferRequests.text;
import static org.rolescope.orchestrator.grpc.OpenInferenceServer.assertFails;

import io.grpc.Status;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rolescope.openinference.InferParameter;
import org.rolescope.openinference.ModelInferResponse;
import org.rolescope.openinference.ModelMetadataResponse;
import org.rolescope.openinference.ModelMetadataResponse.TensorMetadata;
import org.rolescope.openinference.ServerLiveRequest;
import org.rolescope.openinference.ServerMetadataRequest;
import org.rolescope.openinference.ServerReadyRequest;
import org.rolescope.orchestrator.testing.Bench;
import org.rolescope.orchestrator.testing.FakeModel;
import org.rolescope.v1.BosPolicy;
import org.rolescope.v1.LayerRange;
import org.rolescope.v1.PromptOptions;
import org.rolescope.v1.Tap;

/** What is answered over TCP on the loopback interface, as to a foreign client. */
final class OpenInferenceEndpointTest {
  private static final FakeModel MODEL = new FakeModel("tiny-base", "b".repeat(64), 3, 2);

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
  void serverAndModelsTellWhetherTheyAreReady() {
    assertThat(server.stub().serverLive(ServerLiveRequest.getDefaultInstance()).getLive()).isTrue();
    assertThat(server.stub().serverReady(ServerReadyRequest.getDefaultInstance()).getReady())
        .isTrue();
    assertThat(server.modelReady("tiny-base", "")).isTrue();
    assertThat(server.modelReady("tiny-base", "bbbbbbbb")).isTrue();
    assertThat(server.modelReady("tiny-base", "bbbbbbb")).isFalse();
    assertThat(server.modelReady("tiny-base", "cccccccc")).isFalse();
    assertThat(server.modelReady("none", "")).isFalse();
    var metadata = server.stub().serverMetadata(ServerMetadataRequest.getDefaultInstance());
    assertThat(metadata.getName()).isEqualTo("rolescope");
    assertThat(metadata.getVersion()).matches("\\d+\\.\\d+\\.\\d+.*");
  }

  @Test
  void withoutItsServicesItIsLiveButNotReady() {
    bench.stopServices();
    assertThat(server.stub().serverLive(ServerLiveRequest.getDefaultInstance()).getLive()).isTrue();
    assertThat(server.stub().serverReady(ServerReadyRequest.getDefaultInstance()).getReady())
        .isFalse();
    assertFails(
        Status.Code.UNAVAILABLE, "inference service", () -> server.modelReady("tiny-base", ""));
    assertFails(
        Status.Code.UNAVAILABLE, "inference service", () -> server.infer(request("logits", "A")));
  }

  @Test
  void metadataListsInputsAndOutputs() {
    ModelMetadataResponse metadata = server.metadata("tiny-base", "");
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
    assertFails(Status.Code.NOT_FOUND, "There is no model none", () -> server.metadata("none", ""));
    assertFails(
        Status.Code.NOT_FOUND,
        "its version is bbbbbbbbbbbb",
        () -> server.metadata("tiny-base", "1"));
  }

  @Test
  void logitsComeInTheOrderOfThePromptsWhateverTheirLength() {
    String[] prompts = {"A", "A much longer prompt", "B"};
    ModelInferResponse answer =
        server.infer(request("", prompts).setId("seven").setModelVersion("bbbbbbbb"));
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
        server.infer(
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
        server.infer(
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
    server.infer(
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

  private static TensorMetadata tensor(String name, String datatype, long... shape) {
    TensorMetadata.Builder tensor = TensorMetadata.newBuilder().setName(name).setDatatype(datatype);
    for (long size : shape) {
      tensor.addShape(size);
    }
    return tensor.build();
  }
}
