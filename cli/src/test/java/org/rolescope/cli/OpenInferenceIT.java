package org.rolescope.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.data.Offset.offset;

import com.google.protobuf.ByteString;
import io.grpc.ManagedChannel;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.LongBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jetbrains.bio.npy.NpyFile;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.rolescope.openinference.GRPCInferenceServiceGrpc;
import org.rolescope.openinference.GRPCInferenceServiceGrpc.GRPCInferenceServiceBlockingStub;
import org.rolescope.openinference.InferParameter;
import org.rolescope.openinference.ModelInferRequest;
import org.rolescope.openinference.ModelInferRequest.InferInputTensor;
import org.rolescope.openinference.ModelInferRequest.InferRequestedOutputTensor;
import org.rolescope.openinference.ModelInferResponse;
import org.rolescope.openinference.ServerReadyRequest;
import org.rolescope.rpc.Address;

/**
 * The packaged server as a client of the Open Inference Protocol sees it: values are those of
 * {@code examples/demo-models/reference}. With a client we did not write: {@code
 * reference/oip/check_tritonclient.py}.
 */
@Timeout(300)
final class OpenInferenceIT {
  private static final Path MODELS = Path.of("../examples/demo-models").toAbsolutePath();
  private static final int LAYERS = 6;
  private static final int HEADS = 8;
  private static final double LOGIT_TOLERANCE = 1e-4;
  private static final double TOLERANCE = 1e-5;

  @TempDir private static Path folder;
  private static CommandProcess server;
  private static ManagedChannel channel;

  @BeforeAll
  static void serve() throws IOException, InterruptedException {
    for (String variant : new String[] {"base", "instruct"}) {
      CommandProcess.run(folder, "export", MODELS.resolve(variant).toString(), "--data", "data");
    }
    server =
        CommandProcess.serve(
            folder, new String[] {"--port", "0", "--data", "data"}, "serve", "all");
    channel = new Address(server.address()).open();
  }

  @AfterAll
  static void stop() throws InterruptedException {
    channel.shutdownNow().awaitTermination(5, TimeUnit.SECONDS);
    server.close();
  }

  @Test
  void allServicesAreReady() {
    assertThat(stub().serverReady(ServerReadyRequest.getDefaultInstance()).getReady()).isTrue();
  }

  @ParameterizedTest
  @CsvSource({
    "base, 0, 'Question: Who created you?\nAnswer:'",
    "instruct, 5, Why is the sky blue?"
  })
  void logitsPatternsAndEntropiesAreThoseOfTheReference(String model, int prompt, String text) {
    ModelInferResponse answer = infer(model, text);
    Path reference = MODELS.resolve("reference/" + model + "/prompt_" + prompt);
    assertFloats(answer, 0, reference.resolve("logits.npy"), LOGIT_TOLERANCE);
    ByteBuffer entropies = bytes(answer, 1);
    for (int layer = 0; layer < LAYERS; layer++) {
      Path patterns = reference.resolve("attention_layer_%d.npy".formatted(layer));
      assertFloats(answer, 2 + layer, patterns, TOLERANCE);
      float[] expected = NpyFile.read(patterns, 1 << 18).asFloatArray();
      for (int head = 0; head < HEADS; head++) {
        assertThat(entropies.getDouble()).isCloseTo(entropy(expected, head), offset(TOLERANCE));
      }
    }
    assertThat(entropies.hasRemaining()).isFalse();
  }

  @Test
  void promptOptionsReachTheTokenizer() {
    String text = "Who are you?";
    assertThat(tokenIds("instruct", text, Map.of())).hasSizeGreaterThan(2);
    List<Long> plain = tokenIds("instruct", text, Map.of());
    assertThat(tokenIds("instruct", text, Map.of("bos", string("never"))))
        .isEqualTo(plain.subList(1, plain.size()));
    assertThat(
            tokenIds(
                "instruct",
                text,
                Map.of("chat_template", InferParameter.newBuilder().setBoolParam(true).build())))
        .hasSize(plain.size() + 2)
        .containsAll(plain);
  }

  private static List<Long> tokenIds(
      String model, String text, Map<String, InferParameter> parameters) {
    ModelInferResponse answer =
        stub()
            .modelInfer(
                request(model, text)
                    .addOutputs(output("token_ids"))
                    .putAllParameters(parameters)
                    .build());
    LongBuffer ids = bytes(answer, 0).asLongBuffer();
    List<Long> list = new ArrayList<>();
    while (ids.hasRemaining()) {
      list.add(ids.get());
    }
    return list;
  }

  private static InferParameter string(String value) {
    return InferParameter.newBuilder().setStringParam(value).build();
  }

  private static ModelInferResponse infer(String model, String text) {
    ModelInferRequest.Builder request =
        request(model, text).addOutputs(output("logits")).addOutputs(output("entropy"));
    for (int layer = 0; layer < LAYERS; layer++) {
      request.addOutputs(output("pattern." + layer));
    }
    return stub().modelInfer(request.build());
  }

  private static ModelInferRequest.Builder request(String model, String text) {
    ByteString bytes = ByteString.copyFromUtf8(text);
    ByteBuffer raw =
        ByteBuffer.allocate(Integer.BYTES + bytes.size())
            .order(ByteOrder.LITTLE_ENDIAN)
            .putInt(bytes.size())
            .put(bytes.asReadOnlyByteBuffer());
    return ModelInferRequest.newBuilder()
        .setModelName(model)
        .addInputs(InferInputTensor.newBuilder().setName("text").setDatatype("BYTES").addShape(1))
        .addRawInputContents(ByteString.copyFrom(raw.flip()));
  }

  private static InferRequestedOutputTensor output(String name) {
    return InferRequestedOutputTensor.newBuilder().setName(name).build();
  }

  private static ByteBuffer bytes(ModelInferResponse answer, int output) {
    return answer
        .getRawOutputContents(output)
        .asReadOnlyByteBuffer()
        .order(ByteOrder.LITTLE_ENDIAN);
  }

  private static void assertFloats(
      ModelInferResponse answer, int output, Path reference, double tolerance) {
    float[] expected = NpyFile.read(reference, 1 << 18).asFloatArray();
    float[] actual = new float[expected.length];
    ByteBuffer bytes = bytes(answer, output);
    assertThat(bytes.remaining()).isEqualTo(expected.length * Float.BYTES);
    bytes.asFloatBuffer().get(actual);
    assertThat(actual).containsExactly(expected, offset((float) tolerance));
  }

  /** Mean over query positions of -sum A ln A, of [head, query_pos, key_pos]. */
  private static double entropy(float[] patterns, int head) {
    int positions = (int) Math.sqrt(patterns.length / HEADS);
    double sum = 0;
    for (int cell = 0; cell < positions * positions; cell++) {
      double weight = patterns[head * positions * positions + cell];
      sum -= weight > 0 ? weight * Math.log(weight) : 0;
    }
    return sum / positions;
  }

  private static GRPCInferenceServiceBlockingStub stub() {
    return GRPCInferenceServiceGrpc.newBlockingStub(channel)
        .withDeadlineAfter(60, TimeUnit.SECONDS);
  }
}
