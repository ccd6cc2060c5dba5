package org.rolescope.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.rolescope.cli.CommandProcess.Outcome;

/** {@code rolescope run}: a family from its name to its report. */
@Timeout(900)
final class RunIT {
  private static final List<String> PLAN =
      List.of("--prompts-per-category", "3", "--resamples", "200");

  @TempDir static Path folder;
  private static Outcome whole;

  @BeforeAll
  static void runWhole() throws IOException, InterruptedException {
    whole = run("demo", "one");
  }

  @Test
  void goesFromNeedsToReport() {
    assertThat(whole.exitCode()).as(whole.err()).isZero();
    assertThat(whole.out())
        .containsSubsequence(
            "To download",
            "demo-base",
            "demo-instruct",
            "In all: nothing to download",
            "Times are estimates",
            "Exported demo-base",
            "Exported demo-instruct",
            "Parity of demo-base: SUPPORTED",
            "RFC, role focus coefficient",
            "Artifacts in ",
            "The first 10 of 48 heads of demo",
            "report.html");
    assertThat(whole.err()).contains("/").doesNotContain("\tat ");
  }

  @Test
  void aDryRunPrintsTheNeedsOnly() throws IOException, InterruptedException {
    Outcome dry = run("demo", "dry", "--dry-run");
    assertThat(dry.exitCode()).as(dry.err()).isZero();
    assertThat(withoutFreeSpace(whole.out())).startsWith(withoutFreeSpace(dry.out()));
    assertThat(dry.err()).isEmpty();
    assertThat(folder.resolve("dry")).doesNotExist();
  }

  @Test
  void isGoneOnWithAfterAKillAndGivesTheSameBytes() throws IOException, InterruptedException {
    kill("Exported demo-base");
    kill("] layer 2");
    kill("demo-base: entropies of layer 1");
    kill("demo-instruct: patterns of layer 3");
    kill("comparison");
    Outcome last = run("demo", "killed");
    assertThat(last.exitCode()).as(last.err()).isZero();
    assertThat(last.out()).contains("Already there: demo-base");
    assertThat(files("killed")).isEqualTo(files("one"));
  }

  @Test
  void skippingTheAnalysisShowsWhatWasMeasured() throws IOException, InterruptedException {
    Outcome again = run("demo", "one", "--skip-analysis");
    assertThat(again.exitCode()).as(again.err()).isZero();
    String found = whole.out().substring(whole.out().indexOf("\nRFC, role focus coefficient"));
    assertThat(again.out()).isEqualTo(found);
    assertThat(again.err()).isEmpty();

    Outcome other = run("demo", "one", "--skip-analysis", "--seed", "5");
    assertRefused(other, "Family demo was not measured with these options");
    assertRefused(run("demo", "none", "--skip-analysis"), "there is no model demo-base in");
    assertThat(folder.resolve("none/runs")).doesNotExist();
    assertRefused(run("demo", "one", "--skip-analysis", "--dry-run"), "leave one of the two out");
  }

  @Test
  void skippingComparisonReportAndVerification() throws IOException, InterruptedException {
    String[] skips = {"--skip-comparison", "--skip-visualization", "--skip-verification"};
    Outcome apart = run("demo", "apart", skips);
    assertThat(apart.exitCode()).as(apart.err()).isZero();
    assertThat(apart.out())
        .contains("RFC, reference")
        .doesNotContain("difference [95% CI]", "heads of demo", "report.md", "Parity of");
    assertThat(apart.err()).contains("Model demo-base was not verified");
    assertThat(runs("apart")).hasSize(2);
    Outcome again = run("demo", "apart", "--skip-comparison", "--skip-analysis");
    assertThat(again.exitCode()).as(again.err()).isZero();
    assertThat(again.out()).contains("report.md").doesNotContain("Measuring");
  }

  @Test
  void aUsersFamilyMayHaveOneModelAndReplaceAnother() throws IOException, InterruptedException {
    Path mine = Files.createDirectories(folder.resolve("mine"));
    Path demo = Path.of("../examples/demo-models").toAbsolutePath().normalize();
    Path models = mine.toAbsolutePath().relativize(demo);
    Files.writeString(
        mine.resolve("families.yml"),
        "families:\n  solo:\n    base: %s/base\n  demo:\n    base: %s/instruct\n"
            .formatted(models, models));
    String file = "mine/families.yml";
    Outcome listed = CommandProcess.run(folder, "families", "--families", file);
    assertThat(listed.exitCode()).as(listed.err()).isZero();
    assertThat(listed.out())
        .contains("meta-llama/Llama-3.1-8B-Instruct", "shipped")
        .containsPattern("solo +\\S+/examples/demo-models/base +- +mine/families.yml")
        .containsPattern("demo +\\S+/examples/demo-models/instruct +- +mine/families.yml");

    Outcome solo = run("solo", "solo", "--families", file);
    assertThat(solo.exitCode()).as(solo.err()).isZero();
    assertThat(solo.out()).contains("RFC, reference", "report.md").doesNotContain("The first 10");

    Files.writeString(
        mine.resolve("families.yml"), "families: {solo: {base: %s/instruct}}".formatted(models));
    assertRefused(run("solo", "solo", "--families", file), "replace it with --overwrite");
    Outcome replaced = run("solo", "solo", "--families", file, "--overwrite");
    assertThat(replaced.exitCode()).as(replaced.err()).isZero();
    assertThat(runs("solo")).hasSize(2);
  }

  @Test
  void whatCannotBeRunIsNamed() throws IOException, InterruptedException {
    assertRefused(run("lama", "none"), "There is no family lama; use one of llama, mistral");
    assertRefused(run("demo", "none", "--families", "no.yml"), "There is no families file no.yml");
    assertThat(folder.resolve("none/models")).doesNotExist();
  }

  /** Other processes write to the disk too. */
  private static String withoutFreeSpace(String text) {
    return text.replaceAll("\\(\\S+ GB free\\)", "");
  }

  private static void assertRefused(Outcome outcome, String sentence) {
    assertThat(outcome.exitCode()).as(outcome.out()).isEqualTo(2);
    assertThat(outcome.err()).startsWith("rolescope: ").contains(sentence);
    assertThat(outcome.err().lines()).hasSize(1);
  }

  private static void kill(String line) throws IOException, InterruptedException {
    CommandProcess.runAndKillAt(folder, line, arguments("demo", "killed"));
  }

  private static Outcome run(String family, String data, String... more)
      throws IOException, InterruptedException {
    return CommandProcess.run(folder, arguments(family, data, more));
  }

  private static String[] arguments(String family, String data, String... more) {
    List<String> arguments = new ArrayList<>(List.of("run", "--family", family, "--data", data));
    arguments.addAll(PLAN);
    arguments.addAll(List.of(more));
    return arguments.toArray(String[]::new);
  }

  private static List<Path> runs(String data) throws IOException {
    try (Stream<Path> runs = Files.list(folder.resolve(data).resolve("runs"))) {
      return runs.filter(run -> !run.getFileName().toString().startsWith(".")).toList();
    }
  }

  /** Every file of the runs by its digest. */
  private static Map<String, String> files(String data) throws IOException {
    Map<String, String> digests = FileTrees.digests(folder.resolve(data).resolve("runs"));
    assertThat(digests).hasSizeGreaterThan(20);
    return digests;
  }
}
