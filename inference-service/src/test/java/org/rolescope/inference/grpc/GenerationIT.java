package org.rolescope.inference.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.rolescope.inference.grpc.GenerationRequests.generate;
import static org.rolescope.inference.grpc.GenerationRequests.withoutCache;
import static org.rolescope.inference.grpc.InterventionRequests.heads;
import static org.rolescope.inference.grpc.InterventionRequests.mlp;

import com.google.protobuf.ByteString;
import io.grpc.Context;
import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.stream.IntStream;
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
import org.rolescope.inference.grpc.GenerationRequests.Generated;
import org.rolescope.inference.session.NativeHandles;
import org.rolescope.v1.ConstantOutput;
import org.rolescope.v1.FinishReason;
import org.rolescope.v1.GenerateRequest;
import org.rolescope.v1.GenerateResponse;
import org.rolescope.v1.GetModelRequest;
import org.rolescope.v1.Intervention;
import org.rolescope.v1.UniformPattern;

/** Generation on tiny models of every architecture, against the same computed without a cache. */
@Timeout(300)
final class GenerationIT {
  private static final int TOKENS = 64;

  /** Its frequencies depend on the length, so keys of earlier tokens are not what they would be. */
  private static final String DYNAMIC = "llama-rope-dynamic";

  private static final int DYNAMIC_CONTEXT = 32;

  private static final String PROMPT = "t31 t41 t59";

  @TempDir static Path models;
  private static InferenceServer server;

  @BeforeAll
  static void start() throws IOException {
    for (String name : GoldenCase.names()) {
      for (int layersPerStage : new int[] {1, 2}) {
        Path bundle = models.resolve(name + "-" + layersPerStage);
        Path checkpoint = GoldenCase.read(name).folder();
        new Exporter().export(new ExportRequest(checkpoint, bundle, layersPerStage, false));
      }
    }
    server = InferenceServer.start(models);
  }

  @AfterAll
  static void stop() throws InterruptedException {
    server.close();
    assertThat(NativeHandles.resident()).isZero();
  }

  @AfterEach
  void nothingIsLeftOpen() {
    InferenceServer.awaitNothingOpen();
    assertThat(NativeHandles.open()).isZero();
  }

  static Stream<Arguments> models() {
    return GoldenCase.names().stream()
        .flatMap(name -> Stream.of(Arguments.of(name, 1), Arguments.of(name, 2)));
  }

  @ParameterizedTest(name = "{0}, layers a stage: {1}")
  @MethodSource("models")
  void cachedTokensEqualThoseWithoutCache(String name, int layersPerStage) {
    compare(name, name + "-" + layersPerStage, List.of());
  }

  @ParameterizedTest(name = "{0}, layers a stage: {1}")
  @MethodSource("models")
  void theyDoUnderInterventions(String name, int layersPerStage) {
    String model = name + "-" + layersPerStage;
    List<Intervention> zeroOut = List.of(heads(1, heads -> heads.addHeads(1).setPatternScale(0)));
    List<Intervention> many =
        List.of(
            heads(0, heads -> heads.addHeads(0).setUniform(UniformPattern.getDefaultInstance())),
            heads(1, heads -> heads.setPatternScale(0.5f)),
            mlp(0, 0));
    List<Intervention> constant =
        List.of(heads(1, heads -> heads.addHeads(0).setConstantZ(constant(model))));
    compare(name, model, constant);
    compare(name, model, zeroOut);
    compare(name, model, many);
  }

  @Test
  void interventionsChangeWhatIsSaid() {
    GenerateRequest request = request("llama-1").build();
    Intervention out = heads(0, heads -> heads.setPatternScale(0));
    assertThat(generate(server, request.toBuilder().addInterventions(out).build()).tokenIds())
        .isNotEqualTo(generate(server, request).tokenIds());
  }

  @Test
  void streamedStagesSayTheSameAsResidentOnes() throws IOException, InterruptedException {
    InferenceServer streaming = InferenceServer.start(models, 1);
    try {
      for (String name : List.of("llama-bf16-1", "gpt2-2", "mistral-sliding-window-2")) {
        GenerateRequest request =
            request(name)
                .setMaxTokens(12)
                .addInterventions(heads(1, heads -> heads.addHeads(0).setPatternScale(0)))
                .build();
        Generated streamed = generate(streaming, request);
        Generated resident = generate(server, request);
        assertThat(streamed.tokenIds()).isEqualTo(resident.tokenIds());
        for (int token = 0; token < streamed.tokens().size(); token++) {
          assertThat(streamed.tokens().get(token).getLogProbability())
              .isEqualTo(resident.tokens().get(token).getLogProbability(), within(1e-4));
        }
      }
    } finally {
      streaming.close();
    }
  }

  @Test
  void drawsFollowFromTheSeed() {
    GenerateRequest request = request("qwen2-1").setTemperature(1.5).setTopP(0.9).build();
    List<Long> first = generate(server, request).tokenIds();
    assertThat(generate(server, request).tokenIds()).isEqualTo(first);
    assertThat(generate(server, request.toBuilder().setSeed(1).build()).tokenIds())
        .isNotEqualTo(first);
    GenerateRequest narrow = request.toBuilder().setTopP(1e-9).build();
    assertThat(generate(server, narrow).tokenIds())
        .isEqualTo(generate(server, request("qwen2-1").build()).tokenIds());
  }

  @Test
  void theContextEndsIt() {
    Generated generated = generate(server, request("gpt2-1").setMaxTokens(1000).build());
    assertThat(generated.ended().getReason()).isEqualTo(FinishReason.FINISH_REASON_LENGTH);
    assertThat(generated.tokens()).hasSize(48 - 3);
  }

  @Test
  void aStopTextEndsItAndIsNotSaid() {
    Generated whole = generate(server, request("llama-1").setMaxTokens(8).build());
    String text = whole.ended().getText();
    String stop = text.substring(text.length() / 2, text.length() - 2);
    Generated cut = generate(server, request("llama-1").addStop(stop).addStop("never").build());
    assertThat(cut.ended().getReason()).isEqualTo(FinishReason.FINISH_REASON_STOP_TEXT);
    assertThat(cut.ended().getText()).isEqualTo(text.substring(0, text.indexOf(stop)));
    assertThat(cut.tokens().size()).isLessThanOrEqualTo(8);
  }

  @Test
  void fiftyGenerationsHoldNoMoreThanOne() {
    GenerateRequest request = request("qwen3-2").setMaxTokens(4).build();
    generate(server, request);
    int resident = NativeHandles.resident();
    for (int repeat = 0; repeat < 50; repeat++) {
      generate(server, request);
      nothingIsLeftOpen();
      assertThat(NativeHandles.resident()).isEqualTo(resident);
    }
  }

  @Test
  void aCancelledGenerationLeavesNothingOpen() {
    GenerateRequest request = request("mistral-1").setMaxTokens(120).build();
    Context.CancellableContext context = Context.current().withCancellation();
    context.run(
        () -> {
          Iterator<GenerateResponse> messages = server.stub().generate(request);
          messages.next();
          context.cancel(null);
          assertThatThrownBy(() -> messages.forEachRemaining(_ -> {}))
              .isInstanceOf(StatusRuntimeException.class);
        });
    nothingIsLeftOpen();
  }

  /** The same output at every position, not 0. */
  private static ConstantOutput constant(String model) {
    GetModelRequest named = GetModelRequest.newBuilder().setName(model).build();
    int headSize = server.stub().getModel(named).getModel().getHeadSize();
    ByteBuffer values = ByteBuffer.allocate(headSize * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    IntStream.range(0, headSize).forEach(index -> values.putFloat(0.1f * (index - 2)));
    return ConstantOutput.newBuilder().setValues(ByteString.copyFrom(values.flip())).build();
  }

  private static GenerateRequest.Builder request(String model) {
    return GenerateRequest.newBuilder()
        .setModel(model)
        .setPrompt(PROMPT)
        .setIgnoreEndTokens(true)
        .setMaxTokens(TOKENS);
  }

  /** Greedy, token by token; where the context is shorter than 64 more tokens, up to its end. */
  private static void compare(String name, String model, List<Intervention> interventions) {
    Generated generated =
        generate(server, request(model).addAllInterventions(interventions).build());
    int prompt = generated.started().getPrompt().getPrompts(0).getTokenIdsCount();
    List<Long> actual = generated.tokenIds();
    int compared =
        name.equals(DYNAMIC) ? Math.min(actual.size(), DYNAMIC_CONTEXT - prompt) : actual.size();
    int contextLength = generated.started().getPrompt().getModel().getContextLength();
    assertThat(actual).hasSize(Math.min(TOKENS, contextLength - prompt));
    List<String> words = new ArrayList<>(List.of(PROMPT.split(" ")));
    int first = words.size();
    actual.subList(0, compared - 1).forEach(id -> words.add("t" + id));
    assertThat(withoutCache(server, model, words, first, interventions))
        .as("%s under %s", model, interventions)
        .isEqualTo(actual.subList(0, compared));
  }
}
