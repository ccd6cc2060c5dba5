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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.rolescope.cli.CommandProcess.Outcome;

/** {@code rolescope prompts}, and prompt sets of one's own in every format. */
@Timeout(600)
final class PromptsIT {
  private static final String YAML =
      """
      name: mine
      categories:
        me: ["Who are you?", Describe yourself.]
        nobody:
          - What is rain?
          - Explain gravity.
        you: ["How tall am I?", "Where do I live?"]
        cats: ["Where is the cat?"]
      """;
  private static final String CSV =
      """
      category,prompt
      me,Who are you?
      me,Describe yourself.
      nobody,What is rain?
      nobody,Explain gravity.
      you,How tall am I?
      you,Where do I live?
      cats,Where is the cat?
      """;
  private static final String[] ROLES = {
    "--self", "me", "--neutral", "nobody", "--confounder", "you"
  };

  @TempDir static Path folder;

  @BeforeAll
  static void export() throws IOException, InterruptedException {
    String base = Path.of("../examples/demo-models/base").toAbsolutePath().toString();
    assertThat(run("export", base, "--name", "tiny", "--data", "data").exitCode()).isZero();
    Files.writeString(folder.resolve("mine.yaml"), YAML);
    Files.writeString(folder.resolve("mine.csv"), CSV);
  }

  @Test
  void listsTheBuiltInSets() throws IOException, InterruptedException {
    Outcome outcome = run("prompts", "list");
    assertThat(outcome.exitCode()).as(outcome.err()).isZero();
    assertThat(outcome.out()).contains("default", "published", "self_referent (30)");
  }

  @Test
  void checksABuiltInSet() throws IOException, InterruptedException {
    Outcome published = run("prompts", "check", "published");
    assertThat(published.exitCode()).as(published.err()).isZero();
    assertThat(published.out())
        .contains("120 prompts in 4 categories")
        .contains(
            "Warning: Prompt 1 of neutral and prompt 23 of neutral are the same (What is"
                + " photosynthesis?); replace one.");
    assertThat(run("prompts", "check", "default").out()).doesNotContain("are the same");
  }

  @Test
  void countsTheTokensOfAModel() throws IOException, InterruptedException {
    Outcome embedded = run("prompts", "check", "default", "--model", "tiny", "--data", "data");
    assertThat(embedded.exitCode()).as(embedded.err()).isZero();
    assertThat(embedded.out())
        .contains("tokens of tiny", "7.17 (5 to 12)", "8.10 (5 to 12)")
        .contains("self_referent minus neutral: -0.93 tokens of tiny, Mann-Whitney p = 0.0189");
    String[] options = {"--port", "0", "--data", "data"};
    try (CommandProcess inference = CommandProcess.serve(folder, options, "serve", "inference")) {
      Outcome remote =
          run(
              "prompts",
              "check",
              "default",
              "--model",
              "tiny",
              "--inference",
              inference.address(),
              "--data",
              "nowhere");
      assertThat(remote.exitCode()).as(remote.err()).isZero();
      assertThat(remote.out()).isEqualTo(embedded.out());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"mine.yaml", "mine.csv"})
  void setsOfOnesOwnAreCheckedAndMeasured(String file) throws IOException, InterruptedException {
    Outcome checked = run(with(ROLES, "prompts", "check", file));
    assertThat(checked.exitCode()).as(checked.err()).isZero();
    assertThat(checked.out())
        .contains("Prompt set mine: 7 prompts in 4 categories")
        .contains("Category me has 2 prompts and cats has 1");
    Outcome measured = analyze(with(ROLES, "--prompts", file));
    assertThat(measured.exitCode()).as(measured.err()).isZero();
    assertThat(measured.out()).contains("RFC [95% CI]", "Run tiny-");
    Outcome verified =
        run("verify", "tiny", "--prompts", file, "--prompt-count", "2", "--data", "data");
    assertThat(verified.exitCode()).as(verified.err()).isZero();
  }

  @Test
  void withoutAConfounderThereIsNoRsi() throws IOException, InterruptedException {
    Files.writeString(
        folder.resolve("two.yaml"),
        """
        name: two
        categories:
          self_referent: ["Who are you?", Describe yourself.]
          neutral: ["What is rain?", Explain gravity.]
        """);
    assertThat(run("prompts", "check", "two.yaml").out())
        .contains("Warning: There is no category confounder, so there will be no RSI");
    Outcome measured = analyze("--prompts", "two.yaml");
    assertThat(measured.exitCode()).as(measured.err()).isZero();
    assertThat(measured.out()).contains("RFC [95% CI]", "Controls: RFC").doesNotContain("RSI");
    String id = measured.out().lines().filter(line -> line.startsWith("Run ")).findFirst().get();
    Outcome report = run("report", id.substring(4), "--data", "data");
    assertThat(report.exitCode()).as(report.err()).isZero();
    assertRefused(
        "no category you, which the role options name",
        with(
            new String[] {"--confounder", "you"},
            "analyze",
            "tiny",
            "--data",
            "data",
            "--prompts",
            "two.yaml"));
  }

  @Test
  void bothFormatsAreTheSameRun() throws IOException, InterruptedException {
    String[] both = {"--family", "both", "--prompts"};
    assertThat(analyze(with(ROLES, with(new String[] {"mine.csv"}, both))).exitCode()).isZero();
    assertThat(analyze(with(ROLES, with(new String[] {"mine.yaml"}, both))).out())
        .contains("This was measured before");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          a.yaml | {name: x, categories: {self_referent: [a | is no valid YAML
          b.yaml | {name: x, categories: {self_referent: &a [b], neutral: *a}} | uses a YAML alias
          c.yaml | {name: x, categories: {neutral: [a], neutral: [b]}} | Duplicate field 'neutral'
          d.yaml | {name: x, categories: {neutral: [a, ""]}} | Prompt 2 of category neutral is empty
          e.csv | category,prompt/neutral,"never | is no valid CSV
          f.csv | category;prompt/neutral;a | it needs one category and one prompt
          g.csv | category,prompt/neutral, | Prompt 1 of category neutral is empty
          h.csv | category,prompt/neutral,a | has no category self_referent
          i.json | {"name": | is no valid JSON
          """)
  void unusableFilesAreNamed(String file, String content, String sentence)
      throws IOException, InterruptedException {
    Files.writeString(folder.resolve(file), content.replace('/', '\n'));
    assertRefused(sentence, "prompts", "check", file);
    assertRefused(sentence, "analyze", "tiny", "--data", "data", "--prompts", file);
  }

  @Test
  void whatIsNotThereIsNamed() throws IOException, InterruptedException {
    assertRefused("There is no built-in prompt set none.csv", "prompts", "check", "none.csv");
    assertRefused("no category x", "prompts", "check", "default", "--self", "x");
    assertRefused("three that differ", "prompts", "check", "default", "--self", "neutral");
    assertRefused(
        "There is no model no", "prompts", "check", "default", "--model", "no", "--data", "data");
    assertRefused("Missing required subcommand", "prompts");
  }

  @ParameterizedTest
  @ValueSource(strings = {"prompts", "prompts check", "prompts list", "report"})
  void helpIsThere(String command) throws IOException, InterruptedException {
    Outcome outcome = run(with(new String[] {"--help"}, command.split(" ")));
    assertThat(outcome.exitCode()).isZero();
    assertThat(outcome.out()).contains("Usage: rolescope " + command);
  }

  private static void assertRefused(String sentence, String... arguments)
      throws IOException, InterruptedException {
    Outcome outcome = run(arguments);
    assertThat(outcome.exitCode()).as(outcome.err()).isEqualTo(2);
    assertThat(outcome.err()).contains(sentence).doesNotContain("Exception", "\tat ");
  }

  private static String[] with(String[] more, String... arguments) {
    return Stream.of(arguments, more).flatMap(Stream::of).toArray(String[]::new);
  }

  /** No test looks at intervals or patterns. */
  private static Outcome analyze(String... more) throws IOException, InterruptedException {
    String[] plan = {"analyze", "tiny", "--data", "data", "--resamples", "50", "--no-raw-patterns"};
    return run(with(more, plan));
  }

  private static Outcome run(String... arguments) throws IOException, InterruptedException {
    return CommandProcess.run(folder, arguments);
  }
}
