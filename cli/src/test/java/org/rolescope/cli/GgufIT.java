package org.rolescope.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.rolescope.cli.CommandProcess.Outcome;

/** {@code rolescope export} of a GGUF file, and what is said of the model afterwards. */
@Timeout(600)
final class GgufIT {
  private static final Path GOLDEN = Path.of("../export-tools/src/test/resources/gguf");

  @TempDir static Path folder;

  @BeforeAll
  static void export() throws IOException, InterruptedException {
    Files.copy(GOLDEN.resolve("demo-q8.gguf"), folder.resolve("demo-q8.gguf"));
    Outcome outcome = run("export", "demo-q8.gguf", "--data", "data");
    assertThat(outcome.exitCode()).as(outcome.err()).isZero();
    assertThat(outcome.out())
        .contains("of demo-q8.gguf, whose weights were quantised (Q8_0)")
        .contains("Exported demo-q8: llama, 6 layers, 8 heads");
  }

  @Test
  void resultsSayThatTheWeightsWereQuantised() throws IOException, InterruptedException {
    Outcome measured = run("analyze", "demo-q8", "--data", "data", "--prompts-per-category", "3");
    assertThat(measured.exitCode()).as(measured.err()).isZero();
    String sentence = "Weights of demo-q8 were quantised (Q8_0)";
    assertThat(measured.out()).contains("RFC [95% CI]", sentence);
    try (Stream<Path> files = Files.walk(folder.resolve("data"))) {
      Path configuration =
          files.filter(file -> file.endsWith("experiment_config.json")).findFirst().get();
      assertThat(configuration)
          .content()
          .containsPattern("\"quantisation\" *: *\\[ *\"Q8_0\" *\\]");
    }
    String id = measured.out().lines().filter(line -> line.startsWith("Run ")).findFirst().get();
    Outcome report = run("report", id.substring(4), "--data", "data");
    assertThat(report.exitCode()).as(report.err()).isZero();
    try (Stream<Path> files = Files.walk(folder)) {
      assertThat(
              files
                  .filter(file -> file.toString().endsWith(".md"))
                  .map(GgufIT::text)
                  .filter(text -> text.contains("were quantised (Q8_0)")))
          .isNotEmpty();
    }
  }

  @Test
  void modelsListNamesTheTypes() throws IOException, InterruptedException {
    assertThat(run("models", "--data", "data").out()).contains("Quantised", "Q8_0");
  }

  @Test
  void theSameFileIsReadOnce() throws IOException, InterruptedException {
    Outcome again = run("export", "demo-q8.gguf", "--data", "data");
    assertThat(again.exitCode()).as(again.err()).isZero();
    assertThat(again.out()).contains("Already there: checkpoint", "Already there: demo-q8");
  }

  @Test
  void theModelIsVerified() throws IOException, InterruptedException {
    Outcome verified = run("verify", "demo-q8", "--prompt-count", "2", "--data", "data");
    assertThat(verified.exitCode()).as(verified.err()).isZero();
  }

  @Test
  void filesThatCannotBeReadAreNamed() throws IOException, InterruptedException {
    Files.writeString(folder.resolve("text.gguf"), "not a model");
    assertRefused("must begin with GGUF", "export", "text.gguf", "--data", "data");
    assertRefused("There is no file", "export", "none.gguf", "--data", "data");
  }

  private static void assertRefused(String sentence, String... arguments)
      throws IOException, InterruptedException {
    Outcome outcome = run(arguments);
    assertThat(outcome.exitCode()).as(outcome.err()).isEqualTo(2);
    assertThat(outcome.err()).contains(sentence).doesNotContain("Exception", "\tat ");
  }

  private static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException unreadable) {
      return "";
    }
  }

  private static Outcome run(String... arguments) throws IOException, InterruptedException {
    return CommandProcess.run(folder, arguments);
  }
}
