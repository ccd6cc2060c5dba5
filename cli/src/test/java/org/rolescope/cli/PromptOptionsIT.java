package org.rolescope.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.rolescope.cli.CommandProcess.Outcome;

/** {@code --bos} and {@code --chat-template}, from the command to what a run records. */
@Timeout(600)
final class PromptOptionsIT {
  private static final Path DEMO = Path.of("../examples/demo-models").toAbsolutePath();

  @TempDir static Path folder;

  @BeforeAll
  static void export() throws IOException, InterruptedException {
    for (String variant : new String[] {"base", "instruct"}) {
      export(DEMO.resolve(variant), variant);
    }
    Path endless = Files.createDirectory(folder.resolve("endless-checkpoint"));
    try (Stream<Path> files = Files.list(DEMO.resolve("instruct"))) {
      for (Path file : files.toList()) {
        Files.copy(file, endless.resolve(file.getFileName()));
      }
    }
    Files.writeString(
        endless.resolve("chat_template.jinja"),
        "{% for a in range(90000) %}{% for b in range(90000) %}{% endfor %}{% endfor %}");
    export(endless, "endless");
  }

  @Test
  void whatWasUsedIsRecorded() throws IOException, InterruptedException {
    JsonNode plain = configuration("plain");
    assertThat(plain.path("bos").asText()).isEqualTo("auto");
    assertThat(plain.path("begin_token").asText()).isEqualTo("<|begin_of_text|>");
    assertThat(plain.path("chat_template").asBoolean()).isFalse();
    JsonNode never = configuration("never", "--bos", "never");
    assertThat(never.path("bos").asText()).isEqualTo("never");
    assertThat(never.path("begin_token").isNull()).isTrue();
    JsonNode chat = configuration("chat", "--bos", "always", "--chat-template");
    assertThat(chat.path("bos").asText()).isEqualTo("always");
    assertThat(chat.path("chat_template").asBoolean()).isTrue();
    JsonNode prompt = json(run("chat"), "chat", "activations.json").at("/prompts/0");
    assertThat(prompt.path("rendered").asText())
        .isEqualTo("<|begin_of_text|><|user|>" + prompt.path("text").asText() + "<|assistant|>");
    Outcome report = run("report", run("chat").getFileName().toString(), "--data", "data");
    assertThat(report.exitCode()).as(report.err()).isZero();
    assertThat(Files.readString(run("chat").resolve("report.html")))
        .contains("Begin token", "&lt;|begin_of_text|&gt;", "Chat template", "used");
  }

  @Test
  void tokensAreCountedAsTheyWillBeMeasured() throws IOException, InterruptedException {
    Outcome auto = check();
    Outcome never = check("--bos", "never");
    Outcome chat = check("--chat-template");
    assertThat(auto.out()).isNotEqualTo(never.out());
    assertThat(auto.out()).isNotEqualTo(chat.out());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "base    | --chat-template | Model base has no chat template; measure it without one",
        "endless | --chat-template | The model's chat template does more than it may",
        "base    | --bos=sometimes | There is no policy `sometimes` for the begin token; use one of"
            + " auto, always, never",
      })
  void whatCannotBeDoneIsOneSentence(String model, String option, String sentence)
      throws IOException, InterruptedException {
    Outcome outcome = run("analyze", model, "--data", "data", option);
    assertThat(outcome.exitCode()).isEqualTo(2);
    assertThat(outcome.err()).contains(sentence).doesNotContain("Exception");
  }

  private static Outcome check(String... options) throws IOException, InterruptedException {
    Outcome outcome =
        run(with(options, "prompts", "check", "default", "--model", "instruct", "--data", "data"));
    assertThat(outcome.exitCode()).as(outcome.err()).isZero();
    return outcome;
  }

  private static JsonNode configuration(String family, String... options)
      throws IOException, InterruptedException {
    Outcome outcome =
        run(
            with(
                options,
                "analyze",
                "instruct",
                "--family",
                family,
                "--prompts-per-category",
                "2",
                "--no-raw-patterns",
                "--data",
                "data"));
    assertThat(outcome.exitCode()).as(outcome.err()).isZero();
    return json(run(family), family, "experiment_config.json").path("prompt_options");
  }

  private static JsonNode json(Path run, String family, String file) throws IOException {
    return new ObjectMapper()
        .readTree(
            run.resolve("results_" + family + "_activation/latest_run").resolve(file).toFile());
  }

  private static Path run(String family) throws IOException {
    try (Stream<Path> runs = Files.list(folder.resolve("data/runs"))) {
      return runs.filter(path -> path.getFileName().toString().startsWith(family + "-"))
          .findFirst()
          .orElseThrow();
    }
  }

  private static void export(Path checkpoint, String name)
      throws IOException, InterruptedException {
    Outcome outcome = run("export", checkpoint.toString(), "--name", name, "--data", "data");
    assertThat(outcome.exitCode()).as(outcome.err()).isZero();
  }

  private static String[] with(String[] last, String... first) {
    return Stream.concat(Stream.of(first), Stream.of(last)).toArray(String[]::new);
  }

  private static Outcome run(String... arguments) throws IOException, InterruptedException {
    return CommandProcess.run(folder, arguments);
  }
}
