package org.rolescope.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVRecord;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.rolescope.cli.CommandProcess.Outcome;

/** {@code rolescope patch} on the demo pair. */
@Timeout(900)
final class PatchIT {
  private static final List<String> SHORT = List.of("--resamples", "50", "--data", "data");
  private static final String PAIRS =
      """
      clean,corrupt,answer,wrong_answer
      Who created you?,Who created her?, I, She
      What is your name?,What is her name?, My, Her
      """;

  @TempDir static Path folder;

  @BeforeAll
  static void export() throws IOException, InterruptedException {
    for (String variant : List.of("base", "instruct")) {
      String checkpoint =
          Path.of("../examples/demo-models", variant).toAbsolutePath().normalize().toString();
      run("export", checkpoint, "--name", "demo-" + variant, "--data", "data");
    }
    run(
        "compare",
        "demo-base",
        "demo-instruct",
        "--family",
        "demo",
        "--prompts-per-category",
        "3",
        "--resamples",
        "20",
        "--no-raw-patterns",
        "--data",
        "data");
    Files.writeString(folder.resolve("pairs.csv"), PAIRS);
  }

  @Test
  void aSweepIsGoneOnWithAfterKillsAndGivesTheSameBytes() throws Exception {
    List<String> sweep =
        List.of(
            "--source",
            "demo-instruct",
            "--target",
            "demo-base",
            "--sweep",
            "--prompts-per-category",
            "4");
    Outcome whole = patch(sweep, "--family", "whole");
    assertThat(whole.out())
        .contains(
            "Denoising recovery of each head in percent",
            "The 10 of 48 with the largest recovery",
            "it gives no verdicts",
            "Cost: 60.0 forward passes of all pairs, for 96 patches");
    Path unbroken = folderOf(whole);
    assertThat(rows(unbroken)).hasSize(48).allMatch(row -> row.get("verdict").equals("undecided"));

    FileTrees.copy(folder.resolve("data/models"), folder.resolve("killed/models"));
    String[] killed =
        Stream.of(List.of("patch"), sweep, List.of("--family", "whole"), SHORT.subList(0, 2))
            .flatMap(List::stream)
            .toArray(String[]::new);
    for (String line :
        List.of(
            "] denoising: both runs",
            "] denoising: layer 2",
            "] noising: layer 0",
            "] noising: layer 4",
            "] scores")) {
      CommandProcess.runAndKillAt(folder, line, with(killed, "--data", "killed"));
    }
    Outcome last = CommandProcess.run(folder, with(killed, "--data", "killed"));
    assertThat(last.exitCode()).as(last.err()).isZero();
    assertThat(contents(folderOf(last))).isEqualTo(contents(unbroken));

    Outcome kept = patch(sweep, "--family", "whole");
    assertThat(kept.out()).contains("Nothing was run: all was kept from an earlier call");
    assertThat(kept.err()).doesNotContain("] ");
  }

  @Test
  void candidatesOfAComparisonArePatchedAgainstRandomHeads() throws Exception {
    Outcome patched =
        patch(List.of("--family", "demo", "--top-k", "2", "--prompts-per-category", "3"));
    assertThat(patched.out())
        .contains(
            "Outputs of heads (z) of demo-instruct put into demo-base, 3 pairs",
            "q: against 46 random sets of 1, Benjamini-Hochberg over 2 candidates");
    assertThat(rows(folderOf(patched)))
        .hasSize(2)
        .allMatch(row -> row.get("denoising_n_random_sets").equals("46"))
        .allMatch(row -> Double.parseDouble(row.get("noising_q_value")) <= 1);
    assertThat(Files.readAllLines(folderOf(patched).resolve("null_recoveries.csv"))).hasSize(47);
  }

  @Test
  void confoundersAreTakenWhereTheyHaveAsManyTokens() throws Exception {
    Outcome patched =
        patch(
            List.of(
                "--model",
                "demo-instruct",
                "--pairs",
                "confounder",
                "--heads",
                "5.0,4.5+5.1",
                "--random-sets",
                "5",
                "--one-way"));
    assertThat(patched.out())
        .contains(
            "2 of 30 pairs are left out: their prompts have unequal numbers of tokens.",
            "28 pairs",
            "5 random sets of 1 and 5 random sets of 2")
        .doesNotContain("the other way round", " noising [95% CI]");
    assertThat(rows(folderOf(patched)).stream().map(row -> row.get("heads")))
        .containsExactly("5.0", "4.5+5.1");
  }

  @Test
  void theWholeResidualStreamRecoversEverything() throws Exception {
    Outcome patched =
        patch(
            List.of(
                "--model",
                "demo-instruct",
                "--pairs",
                "pairs.csv",
                "--sweep",
                "--site",
                "resid_post"));
    assertThat(patched.out()).contains("Measure: logit of the answer minus that of the wrong");
    CSVRecord last = rows(folderOf(patched)).getLast();
    assertThat(last.get("layer")).isEqualTo("5");
    for (String direction : List.of("denoising", "noising")) {
      assertThat(last.get(direction + "_recovery")).isEqualTo("1.0");
      assertThat(last.get(direction + "_ci_low")).isEqualTo("1.0");
    }
  }

  @Test
  void aRunPatchedWithItselfHasNoRecovery() throws Exception {
    Outcome patched =
        patch(
            List.of(
                "--source",
                "demo-base",
                "--target",
                "demo-base",
                "--sweep",
                "--site",
                "mlp_out",
                "--prompts-per-category",
                "2"));
    assertThat(patched.out()).contains("2 of 2 pairs have no recovery");
    assertThat(rows(folderOf(patched)))
        .allMatch(row -> row.get("denoising_recovery").isEmpty())
        .allMatch(row -> row.get("denoising_n_defined").equals("0"));
  }

  @Test
  void badInputIsNamed() throws Exception {
    String[] two = {"--source", "demo-instruct", "--target", "demo-base"};
    refused("Say what to patch with one of --sweep, --heads and --top-k", two);
    refused("Say what to patch", "--sweep", "--heads", "0.0");
    refused("Name two models with --source and --target", "--sweep");
    refused("give --pairs confounder or a file", "--model", "demo-base", "--sweep");
    refused("leave out --source", "--model", "demo-base", "--source", "demo-base", "--sweep");
    refused("name it with --model", with(two, "--sweep", "--pairs", "confounder"));
    refused("--site heart is no site", with(two, "--sweep", "--site", "heart"));
    refused("--measure size is no measure", with(two, "--sweep", "--measure", "size"));
    refused("--heads has `5`, which is no head", with(two, "--heads", "5"));
    refused("--heads has ``, which is no head", with(two, "--heads", "5.1+"));
    refused("There is no head 6.0", with(two, "--heads", "6.0"));
    refused("There is no model none", "--source", "none", "--target", "demo-base", "--sweep");
    refused("name its family with --family", with(two, "--top-k", "2"));
    refused("no finished comparison of family none", "--family", "none", "--top-k", "2");
    refused("There is no pair file none.csv", with(two, "--sweep", "--pairs", "none.csv"));
    refused("has no category nobody", with(two, "--sweep", "--category", "nobody"));
    refused(
        "The logit difference needs two answers",
        with(two, "--sweep", "--measure", "logit-difference"));
    Files.writeString(folder.resolve("unequal.csv"), "clean,corrupt\nWho?,Who are you today?\n");
    refused(
        "The prompts of pair 1 have", "--model", "demo-base", "--pairs", "unequal.csv", "--sweep");
    Files.writeString(
        folder.resolve("none.json"),
        """
        {"name": "n", "categories": {"confounder": ["Who am I?"], "third_person": ["Is he not there?"]}}
        """);
    refused(
        "None of 1 pairs has prompts of equal length",
        "--model",
        "demo-base",
        "--pairs",
        "confounder",
        "--prompts",
        "none.json",
        "--sweep");
  }

  private static void refused(String sentence, String... arguments) throws Exception {
    List<String> all = new ArrayList<>(List.of("patch"));
    all.addAll(List.of(arguments));
    all.addAll(SHORT);
    Outcome outcome = CommandProcess.run(folder, all.toArray(String[]::new));
    assertThat(outcome.exitCode()).as(outcome.out() + outcome.err()).isEqualTo(2);
    assertThat(outcome.err()).startsWith("rolescope: ").contains(sentence);
    assertThat(outcome.err().lines()).hasSize(1);
  }

  private static String[] with(String[] some, String... more) {
    return Stream.of(some, more).flatMap(Stream::of).toArray(String[]::new);
  }

  private static Outcome patch(List<String> arguments, String... more) throws Exception {
    List<String> all = new ArrayList<>(List.of("patch"));
    all.addAll(arguments);
    all.addAll(List.of(more));
    all.addAll(SHORT);
    Outcome outcome = CommandProcess.run(folder, all.toArray(String[]::new));
    assertThat(outcome.exitCode()).as(outcome.err()).isZero();
    return outcome;
  }

  private static void run(String... arguments) throws IOException, InterruptedException {
    Outcome outcome = CommandProcess.run(folder, arguments);
    assertThat(outcome.exitCode()).as(outcome.err()).isZero();
  }

  /** The folder a command says its artifacts are in. */
  private static Path folderOf(Outcome outcome) {
    String line =
        outcome
            .out()
            .lines()
            .filter(each -> each.startsWith("Artifacts in "))
            .findFirst()
            .orElseThrow();
    return Path.of(line.substring("Artifacts in ".length(), line.length() - 1));
  }

  private static Map<String, String> contents(Path work) throws IOException {
    Map<String, String> contents = new TreeMap<>();
    try (Stream<Path> files = Files.walk(work)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        contents.put(work.relativize(file).toString(), sha256(file));
      }
    }
    assertThat(contents).hasSizeGreaterThan(20);
    return contents;
  }

  private static String sha256(Path file) throws IOException {
    try {
      return HexFormat.of()
          .formatHex(MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file)));
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  private static List<CSVRecord> rows(Path work) throws IOException {
    try (Reader reader = Files.newBufferedReader(work.resolve("patching_scores.csv"))) {
      return CSVFormat.DEFAULT
          .builder()
          .setHeader()
          .setSkipHeaderRecord(true)
          .get()
          .parse(reader)
          .getRecords();
    }
  }
}
