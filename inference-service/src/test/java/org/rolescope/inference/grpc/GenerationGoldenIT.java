package org.rolescope.inference.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.rolescope.inference.grpc.GenerationRequests.generate;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.rolescope.export.ExportRequest;
import org.rolescope.export.Exporter;
import org.rolescope.inference.grpc.GenerationRequests.Generated;
import org.rolescope.v1.FinishReason;
import org.rolescope.v1.GenerateRequest;
import org.rolescope.v1.PromptOptions;

/**
 * Greedy answers against {@code generate} of Hugging Face transformers 4.57.3 (PyTorch 2.5.1,
 * float32); reference/generation/make_golden.py made them.
 */
@Timeout(300)
final class GenerationGoldenIT {
  private static final Path ANSWERS = Path.of("src/test/resources/generation/answers.json");
  private static final List<String> DEMO = List.of("base", "instruct");
  private static final List<Long> DEMO_END = List.of(1L);

  @TempDir static Path models;
  private static InferenceServer server;

  @BeforeAll
  static void start() throws IOException {
    DemoBundles.export(models);
    for (JsonNode answer : golden()) {
      String name = answer.get("model").asText();
      if (!DEMO.contains(name)) {
        Path checkpoint = GoldenCase.read(name).folder();
        new Exporter().export(new ExportRequest(checkpoint, models.resolve(name), 1, false));
      }
    }
    server = InferenceServer.start(models);
  }

  @AfterAll
  static void stop() throws InterruptedException {
    server.close();
  }

  static List<JsonNode> golden() throws IOException {
    List<JsonNode> answers = new ArrayList<>();
    new ObjectMapper().readTree(ANSWERS.toFile()).get("answers").forEach(answers::add);
    return answers;
  }

  static Stream<JsonNode> answers() throws IOException {
    return golden().stream();
  }

  @ParameterizedTest
  @MethodSource("answers")
  void answersEqualThoseOfTransformers(JsonNode answer) {
    String name = answer.get("model").asText();
    boolean demo = DEMO.contains(name);
    List<Long> expected = ids(answer.get("ids"));
    Generated generated =
        generate(
            server,
            GenerateRequest.newBuilder()
                .setModel(name)
                .setPrompt(answer.get("prompt").asText())
                .setPromptOptions(
                    PromptOptions.newBuilder()
                        .setChatTemplate(answer.get("chat_template").asBoolean()))
                .build());
    assertThat(generated.started().getPrompt().getPrompts(0).getTokenIdsList())
        .isEqualTo(ids(answer.get("prompt_ids")));
    assertThat(generated.started().getEndTokenIdsList()).isEqualTo(demo ? DEMO_END : List.of());
    // Beyond its context transformers goes on; we end there.
    int count = Math.min(expected.size(), generated.tokens().size());
    assertThat(count).isGreaterThan(demo ? 5 : 25);
    assertThat(generated.tokenIds()).isEqualTo(expected.subList(0, count));
    if (demo) {
      assertThat(generated.ended().getText()).isEqualTo(answer.get("text").asText());
      assertThat(generated.ended().getReason()).isEqualTo(FinishReason.FINISH_REASON_END_TOKEN);
    }
  }

  @Test
  void aStopTextMaySpanTokens() {
    GenerateRequest request =
        GenerateRequest.newBuilder()
            .setModel("instruct")
            .setPrompt("What is your name?")
            .addStop("name is R")
            .addStop("zebra")
            .build();
    Generated cut = generate(server, request);
    assertThat(cut.ended().getText()).isEqualTo("\nMy ");
    assertThat(cut.ended().getReason()).isEqualTo(FinishReason.FINISH_REASON_STOP_TEXT);
  }

  @Test
  void tokensAreSpeltAsInTheVocabularyAndHaveTheirProbability() {
    Generated generated =
        generate(
            server,
            GenerateRequest.newBuilder()
                .setModel("instruct")
                .setPrompt("Who created you?")
                .setPromptOptions(PromptOptions.newBuilder().setChatTemplate(true))
                .build());
    assertThat(generated.tokens().getFirst().getToken()).isEqualTo("I");
    assertThat(generated.tokens().get(1).getToken()).isEqualTo("Ġwas");
    assertThat(generated.tokens().getLast().getToken()).isEqualTo("<|end_of_text|>");
    assertThat(generated.tokens()).allMatch(token -> token.getLogProbability() < 0);
    assertThat(generated.tokens().get(1).getLogProbability()).isGreaterThan(-0.5);
  }

  private static List<Long> ids(JsonNode array) {
    List<Long> ids = new ArrayList<>();
    array.forEach(id -> ids.add(id.asLong()));
    return ids;
  }
}
