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
            "report.html",
            "Wrote 42 files of figures below ");
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
  void figuresAreDrawnAgainWithTheSameBytes() throws IOException, InterruptedException {
    Path run = runs("one").getFirst();
    Path demo = Path.of("figures", "demo");
    assertThat(pictures(run.resolve(demo))).hasSize(42);
    String only = "rfc_rsi_comparison,visualization_4_distributions";
    Outcome drawn =
        CommandProcess.run(
            folder, "figures", "--family", "demo", "--data", "one", "--out", "f", "--only", only);
    assertThat(drawn.exitCode()).as(drawn.err()).isZero();
    List<Path> again = pictures(folder.resolve("f").resolve(demo));
    assertThat(again).hasSize(6);
    assertThat(drawn.out().lines()).hasSize(6).allMatch(line -> line.startsWith("Wrote "));
    for (Path picture : again) {
      Path before = run.resolve(folder.resolve("f").relativize(picture));
      assertThat(FileTrees.sha256(picture))
          .as(picture.toString())
          .isEqualTo(FileTrees.sha256(before));
    }
    String id = run.getFileName().toString();
    assertRefused(
        CommandProcess.run(folder, "figures", id, "--data", "one", "--only", "visualization_10"),
        "has no figure visualization_10; use some of visualization_1_layer_attention_lines");
    assertRefused(
        CommandProcess.run(folder, "figures", id, "--data", "one", "--family", "llama"),
        "is of family demo, not llama");
    assertRefused(CommandProcess.run(folder, "figures", "--data", "one"), "No run is named");
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
    for (Path run : runs("apart")) {
      assertThat(run.resolve("figures")).doesNotExist();
    }
    Outcome again = run("demo", "apart", "--skip-comparison", "--skip-analysis");
    assertThat(again.exitCode()).as(again.err()).isZero();
    assertThat(again.out()).contains("report.md").doesNotContain("Measuring");
    for (Path run : runs("apart")) {
      assertThat(pictures(run.resolve("figures/demo/base"))).hasSize(18);
    }
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

  private static List<Path> pictures(Path below) throws IOException {
    try (Stream<Path> paths = Files.walk(below)) {
      return paths.filter(path -> path.toString().matches(".*\\.(svg|png)")).sorted().toList();
    }
  }

  /** Every file of the runs by its digest. */
  private static Map<String, String> files(String data) throws IOException {
    Map<String, String> digests = FileTrees.digests(folder.resolve(data).resolve("runs"));
    assertThat(digests).hasSizeGreaterThan(20);
    return digests;
  }
}
