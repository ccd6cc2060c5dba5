package org.rolescope.inference.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.rolescope.inference.grpc.InterventionRequests.heads;
import static org.rolescope.inference.grpc.InterventionRequests.mlp;
import static org.rolescope.inference.grpc.InterventionRequests.patch;
import static org.rolescope.inference.grpc.InterventionRequests.request;
import static org.rolescope.inference.grpc.InterventionRequests.residual;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.rolescope.export.ExportRequest;
import org.rolescope.export.Exporter;
import org.rolescope.inference.grpc.InferenceServer.Captured;
import org.rolescope.inference.session.NativeHandles;
import org.rolescope.tensors.TensorView;
import org.rolescope.v1.CaptureRequest;
import org.rolescope.v1.ConstantOutput;
import org.rolescope.v1.GetModelRequest;
import org.rolescope.v1.Intervention;
import org.rolescope.v1.Patch;

/** Interventions whose outcome another run tells, bit for bit. */
@Timeout(300)
final class InterventionIdentityIT {
  /** Prompts of a golden case that are equally long. */
  private static final int TARGET = 2;

  private static final int SOURCE = 3;

  @TempDir static Path models;
  private static InferenceServer server;

  @BeforeAll
  static void start() throws IOException {
    InterventionCases.export(models);
    server = InferenceServer.start(models);
  }

  @AfterAll
  static void stop() throws InterruptedException {
    server.close();
    assertThat(NativeHandles.resident()).isZero();
  }

  /** The stream may end a moment before the pass has put everything away. */
  @AfterEach
  void nothingIsLeftOpen() {
    InferenceServer.awaitNothingOpen();
    assertThat(NativeHandles.open()).isZero();
  }

  static Stream<Arguments> models() {
    return InterventionCases.MODELS.stream()
        .flatMap(name -> Stream.of(Arguments.of(name, 1), Arguments.of(name, 2)));
  }

  @ParameterizedTest(name = "{0}, layers a stage: {1}")
  @MethodSource("models")
  void patchingARunWithItselfChangesNoBit(String name, int layersPerStage) {
    GoldenCase golden = GoldenCase.read(name);
    CaptureRequest clean = request(name + "-" + layersPerStage, golden.texts()).build();
    Captured before = server.capture(clean);
    int count = golden.texts().size();
    CaptureRequest.Builder all = clean.toBuilder();
    for (int layer = 0; layer < golden.layers(); layer++) {
      Patch pattern = patch(before, "pattern", layer, count);
      Patch z = patch(before, "z", layer, count);
      List<Intervention> own =
          List.of(
              heads(layer, heads -> heads.setPattern(pattern)),
              heads(layer, heads -> heads.setZ(z)),
              mlp(layer, 1),
              residual(layer, patch(before, "resid_post", layer, count)));
      for (Intervention one : own) {
        assertThat(server.capture(clean.toBuilder().addInterventions(one).build()).tensors())
            .isEqualTo(before.tensors());
      }
      all.addAllInterventions(own);
    }
    assertThat(server.capture(all.build()).tensors()).isEqualTo(before.tensors());
    assertThat(server.capture(clean).tensors()).isEqualTo(before.tensors());
  }

  @ParameterizedTest(name = "{0}, layers a stage: {1}")
  @MethodSource("models")
  void theResidualStreamOfAnotherRunGivesItsLaterLayers(String name, int layersPerStage) {
    GoldenCase golden = GoldenCase.read(name);
    String model = name + "-" + layersPerStage;
    Captured source = server.capture(request(model, golden.texts().subList(SOURCE, 4)).build());
    CaptureRequest target = request(model, golden.texts().subList(TARGET, 3)).build();
    Captured clean = server.capture(target);
    for (int layer = 0; layer < golden.layers(); layer++) {
      Intervention change = residual(layer, patch(source, "resid_post", layer, 1));
      Captured patched = server.capture(target.toBuilder().addInterventions(change).build());
      for (int index = 0; index < patched.tensors().size(); index++) {
        TensorView tensor = patched.tensors().get(index);
        int at = tensor.layer().orElse(golden.layers());
        boolean later = at > layer || at == layer && tensor.name().equals("resid_post");
        assertThat(tensor)
            .as("%s of layer %d", tensor.name(), at)
            .isEqualTo((later ? source : clean).tensors().get(index));
      }
    }
  }

  /** The same z at every position is a patch that says it again and again. */
  @ParameterizedTest(name = "{0}, layers a stage: {1}")
  @MethodSource("models")
  void aConstantIsAPatchThatIsTheSameEverywhere(String name, int layersPerStage) {
    GoldenCase golden = GoldenCase.read(name);
    String model = name + "-" + layersPerStage;
    CaptureRequest clean = request(model, golden.texts()).build();
    FloatBuffer z = CapturedTensors.of(server.capture(clean), "z", 0, TARGET);
    int headSize = z.remaining() / golden.tokenIds().get(TARGET).size() / headCount(name);
    float[] mean = new float[2 * headSize];
    z.get(mean);
    Patch.Builder repeated = Patch.newBuilder();
    for (List<Long> ids : golden.tokenIds()) {
      float[] all = new float[ids.size() * mean.length];
      for (int index = 0; index < all.length; index++) {
        all[index] = mean[index % mean.length];
      }
      repeated.addValues(InterventionCases.bytes(all));
    }
    ConstantOutput constant =
        ConstantOutput.newBuilder().setValues(InterventionCases.bytes(mean)).build();
    Captured patched =
        server.capture(
            with(clean, heads(1, heads -> heads.addHeads(2).addHeads(0).setZ(repeated))));
    Captured put =
        server.capture(
            with(clean, heads(1, heads -> heads.addHeads(2).addHeads(0).setConstantZ(constant))));
    assertThat(put.tensors()).isEqualTo(patched.tensors());
  }

  @Test
  void aHeadThatIsOutIsAHeadWhoseOutputProjectionIsZero() throws IOException {
    GoldenCase golden = GoldenCase.read("llama-gqa-2");
    int head = 5;
    Path without = Files.createDirectories(models.resolve("snapshots/without"));
    for (String file : new String[] {"config.json", "tokenizer.json"}) {
      Files.copy(golden.folder().resolve(file), without.resolve(file));
    }
    byte[] weights = Files.readAllBytes(golden.folder().resolve("model.safetensors"));
    dropProjection(weights, "model.layers.0.self_attn.o_proj.weight", head, 8);
    Files.write(without.resolve("model.safetensors"), weights);
    new Exporter().export(ExportRequest.of(without, models.resolve("without")));
    Captured dropped = server.capture(request("without", golden.texts()).build());
    Captured out =
        server.capture(
            request("llama-gqa-2-1", golden.texts())
                .addInterventions(heads(0, heads -> heads.addHeads(head).setPatternScale(0)))
                .build());
    Captured clean = server.capture(request("llama-gqa-2-1", golden.texts()).build());
    for (int prompt = 0; prompt < golden.texts().size(); prompt++) {
      for (String tap : new String[] {"pattern", "z", "resid_post", "logits"}) {
        int last = tap.equals("logits") ? -1 : 1;
        assertEqualNumbers(dropped, out, tap, last, prompt);
      }
      assertEqualNumbers(dropped, out, "resid_post", 0, prompt);
      assertThat(CapturedTensors.of(out, "resid_post", 0, prompt))
          .isNotEqualTo(CapturedTensors.of(clean, "resid_post", 0, prompt));
      int length = golden.tokenIds().get(prompt).size();
      float[] pattern = floats(CapturedTensors.of(out, "pattern", 0, prompt));
      float[] before = floats(CapturedTensors.of(clean, "pattern", 0, prompt));
      Arrays.fill(before, head * length * length, (head + 1) * length * length, 0f);
      assertThat(pattern).isEqualTo(before);
    }
  }

  private static CaptureRequest with(CaptureRequest clean, Intervention intervention) {
    return clean.toBuilder().addInterventions(intervention).build();
  }

  private static int headCount(String model) {
    return server
        .stub()
        .getModel(GetModelRequest.newBuilder().setName(model + "-1").build())
        .getModel()
        .getHeadCount();
  }

  /** Sets to zero the columns of a head in an output projection [d_model, head · d_head]. */
  private static void dropProjection(byte[] safetensors, String name, int head, int heads)
      throws IOException {
    int headerBytes =
        Math.toIntExact(ByteBuffer.wrap(safetensors).order(ByteOrder.LITTLE_ENDIAN).getLong());
    JsonNode header = new ObjectMapper().readTree(safetensors, Long.BYTES, headerBytes);
    JsonNode tensor = header.get(name);
    assertThat(tensor.get("dtype").asText()).isEqualTo("BF16");
    int begin = Long.BYTES + headerBytes + tensor.at("/data_offsets/0").asInt();
    int rows = tensor.at("/shape/0").asInt();
    int rowBytes = tensor.at("/shape/1").asInt() * Short.BYTES;
    int headBytes = rowBytes / heads;
    for (int row = 0; row < rows; row++) {
      for (int at = head * headBytes; at < (head + 1) * headBytes; at++) {
        safetensors[begin + row * rowBytes + at] = 0;
      }
    }
  }

  private static void assertEqualNumbers(
      Captured expected, Captured actual, String tap, int layer, int prompt) {
    assertThat(floats(CapturedTensors.of(actual, tap, layer, prompt)))
        .as("%s of layer %d, prompt %d", tap, layer, prompt)
        .isEqualTo(floats(CapturedTensors.of(expected, tap, layer, prompt)));
  }

  private static float[] floats(FloatBuffer buffer) {
    float[] values = new float[buffer.remaining()];
    for (int index = 0; index < values.length; index++) {
      // 0 times a negative number is -0, which equals 0.
      values[index] = buffer.get(index) + 0f;
    }
    return values;
  }
}
