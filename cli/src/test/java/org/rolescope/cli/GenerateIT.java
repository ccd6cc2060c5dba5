package org.rolescope.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.rolescope.cli.CommandProcess.Outcome;

/** {@code rolescope generate} and {@code rolescope experiment} on the demo pair. */
@Timeout(600)
final class GenerateIT {
  private static final Path DEMO = Path.of("../examples/demo-models").toAbsolutePath();
  private static final String CREATOR =
      "I was created by a small project that makes demonstrations. It trained me on text that it"
          + " wrote itself.";

  @TempDir static Path folder;

  @BeforeAll
  static void export() throws IOException, InterruptedException {
    for (String variant : new String[] {"base", "instruct"}) {
      String[] export = {
        "export", DEMO.resolve(variant).toString(), "--name", "demo-" + variant, "--data", "data"
      };
      assertThat(CommandProcess.run(folder, export).exitCode()).isZero();
    }
  }

  @Test
  void anAnswerIsPrintedAndChangesWithoutItsHeads() throws IOException, InterruptedException {
    Outcome plain = run("generate --model demo-instruct --chat-template", "Who created you?");
    assertThat(plain.exitCode()).as(plain.err()).isZero();
    assertThat(plain.out().strip()).isEqualTo(CREATOR);
    assertThat(plain.err()).contains("was not verified").doesNotContain("--max-tokens");
    Outcome without =
        run(
            "generate --model demo-instruct --chat-template --zero-out 2 --zero-out-mlp 3",
            "Who created you?");
    assertThat(without.exitCode()).as(without.err()).isZero();
    assertThat(without.out().strip()).isNotEqualTo(CREATOR);
  }

  @Test
  void anAnswerThatWasCutSaysSo() throws IOException, InterruptedException {
    Outcome cut =
        run("generate --model demo-instruct --chat-template --max-tokens 3", "Who created you?");
    assertThat(cut.out().strip()).isEqualTo("I was c");
    assertThat(cut.err()).contains("ended after 3 tokens");
  }

  @Test
  void anExperimentWritesTheSameBytesAgain() throws IOException, InterruptedException {
    Outcome first = run("experiment --family demo --prompts-per-category 2 --chat-template");
    assertThat(first.exitCode()).as(first.err()).isZero();
    assertThat(first.out()).contains("demo-base", "demo-instruct", "self_referent");
    Path results = folder.resolve("data/results_demo_generation");
    Path file = results.resolve("latest_run/generation_results.json");
    byte[] bytes = Files.readAllBytes(file);
    JsonNode json = new ObjectMapper().readTree(bytes);
    assertThat(json.at("/model/name").asText()).isEqualTo("demo-instruct");
    assertThat(json.at("/model/digest").asText()).hasSize(64);
    assertThat(json.at("/prompt_options/chat_template").asBoolean()).isTrue();
    assertThat(json.at("/results")).hasSize(8);
    assertThat(json.at("/results/0/category").asText()).isEqualTo("self_referent");
    assertThat(json.at("/results/1/index").asInt()).isEqualTo(1);
    for (JsonNode result : json.at("/results")) {
      assertThat(result.get("answer").asText()).isNotBlank();
      assertThat(result.get("token_ids")).hasSize(result.get("token_count").asInt());
    }
    JsonNode base =
        new ObjectMapper()
            .readTree(results.resolve("latest_base/generation_results.json").toFile());
    assertThat(base.at("/prompt_options/chat_template").asBoolean()).isFalse();
    Outcome again =
        run(
            "experiment --model demo-instruct --prompts-per-category 2 --chat-template --out"
                + " again");
    assertThat(again.exitCode()).as(again.err()).isZero();
    assertThat(folder.resolve("again/latest_run/generation_results.json")).hasBinaryContent(bytes);
  }

  @ParameterizedTest
  @CsvSource({
    "generate --model demo-base x --zero-out 3-1, for example 3.1",
    "generate --model demo-base x --zero-out 9.1, the last layer is 5",
    "generate --model demo-base x --zero-out-mlp all, --zero-out-mlp names the layer `all`",
    "generate --model demo-base x --max-tokens 0, --max-tokens is 0",
    "generate --model demo-base x --temperature -1, temperature",
    "generate --model demo-base x --chat-template, has no chat template",
    "generate --model nothing x, There is no model nothing",
    "generate x, --model",
    "experiment, Missing required argument",
    "experiment --model a --family b, mutually exclusive",
    "experiment --model ../x, ../x",
    "experiment --model nothing, There is no model nothing",
    "experiment --family demo --prompts-per-category 0, --prompts-per-category is 0"
  })
  void badInputIsNamed(String line, String named) throws IOException, InterruptedException {
    Outcome outcome = run(line);
    assertThat(outcome.exitCode()).as(outcome.err()).isEqualTo(2);
    assertThat(outcome.err()).contains(named).doesNotContain("\tat ").doesNotContain("Exception");
    assertThat(outcome.out()).isEmpty();
  }

  private static Outcome run(String line, String... last) throws IOException, InterruptedException {
    String[] words = line.split(" ");
    String[] all = new String[words.length + last.length + 2];
    System.arraycopy(words, 0, all, 0, words.length);
    System.arraycopy(last, 0, all, words.length, last.length);
    all[all.length - 2] = "--data";
    all[all.length - 1] = "data";
    return CommandProcess.run(folder, all);
  }
}
