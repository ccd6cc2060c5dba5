package org.rolescope.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.rolescope.cli.CommandProcess.Outcome;

/** {@code rolescope causes} on a comparison of the demo pair. */
@Timeout(900)
final class CausesIT {
  private static final String PAIRS =
      Path.of("../examples/identity-pairs.json").toAbsolutePath().normalize().toString();
  private static final String[] ASKED = {
    "causes",
    "--family",
    "demo",
    "--pairs",
    PAIRS,
    "--top-k",
    "3",
    "--resamples",
    "200",
    "--random-sets",
    "25"
  };

  @TempDir static Path folder;
  private static Outcome report;

  @BeforeAll
  static void compareAndAsk() throws IOException, InterruptedException {
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
        "4",
        "--resamples",
        "20",
        "--no-raw-patterns",
        "--data",
        "data");
    FileTrees.copy(folder.resolve("data"), folder.resolve("killed"));
    report = run(with(ASKED, "--data", "data"));
  }

  @Test
  void theHeadsThatCarryTheAnswerAreNamedWithTheNull() {
    assertThat(report.out())
        .contains("35 pairs of prompts, both run by demo-instruct")
        .contains("The answer is carried by head 0.3 (")
        .containsPattern("1 at once: denoising 0\\.\\d+, noising 0\\.\\d+ \\(45 sets\\)")
        .containsPattern("3 at once: denoising 0\\.\\d+, noising 0\\.\\d+ \\(25 sets\\)")
        .contains("Verdicts - causal: in both directions");
    assertThat(report.out().lines().toList().getLast()).contains("Of 3 candidates ");
  }

  @Test
  void recoveriesAndTheNullFollowFromWhatWasMeasured() throws IOException {
    JsonNode found = results();
    JsonNode sweep = found.get("sweep");
    List<Double> others = new ArrayList<>();
    for (JsonNode measured : sweep.get("measured")) {
      double recovery = recovery(sweep.get("denoising"), measured.get("denoised"));
      JsonNode head = measured.get("heads").get(0);
      candidate(found, head)
          .ifPresentOrElse(
              cause ->
                  assertThat(cause.at("/patching/denoising/recovery/value").asDouble())
                      .isCloseTo(recovery, within(1e-12)),
              () -> others.add(Math.abs(recovery)));
    }
    assertThat(others).hasSize(45);
    double level = found.at("/candidates/0/patching/denoising/null_quantile").asDouble();
    assertThat(level).isCloseTo(percentile95(others), within(1e-12));
    assertThat(found.get("carriers"))
        .allMatch(score -> score.at("/denoising/recovery/confidence/low").asDouble() > 0)
        .allMatch(score -> score.at("/noising/recovery/value").asDouble() >= 0.05);
  }

  @Test
  void everyFileIsThere() throws IOException {
    Path work = work("data");
    for (String name :
        List.of(
            "causal_report.md",
            "causal_report.html",
            "causal_candidates.csv",
            "causal_candidates.json",
            "causal_candidates.parquet",
            "plan.json",
            "results.json")) {
      assertThat(work.resolve(name)).isNotEmptyFile();
    }
    assertThat(Files.readAllLines(work.resolve("causal_candidates.csv"))).hasSize(4);
    assertThat(Files.readString(work.resolve("causal_report.md")))
        .contains("## The null", "| 0.3 |");
  }

  @Test
  void killedAnywhereAndAskedAgainItGivesTheSameBytes() throws Exception {
    for (String line :
        List.of("] ablation: ", "] sweep: noising: ", "] all candidates at once: denoising: ")) {
      CommandProcess.runAndKillAt(folder, line, with(ASKED, "--data", "killed"));
    }
    Outcome last = run(with(ASKED, "--data", "killed"));
    assertThat(last.out().replace("/killed/", "/data/")).isEqualTo(report.out());
    for (String kind : List.of("interventions", "patching", "causes")) {
      // Other tests have asked for more there.
      assertThat(FileTrees.digests(folder.resolve("data").resolve(kind)))
          .containsAllEntriesOf(FileTrees.digests(folder.resolve("killed").resolve(kind)));
    }
  }

  @Test
  void withoutPairsTheModelsArePatchedWithEachOther() throws Exception {
    Outcome between =
        run(
            "causes",
            "--family",
            "demo",
            "--top-k",
            "1",
            "--resamples",
            "20",
            "--random-sets",
            "20",
            "--data",
            "data");
    assertThat(between.out())
        .contains("4 pairs of prompts, from demo-instruct into demo-base", "Of 1 candidates ");
  }

  @Test
  void badInputGetsOneSentence() throws Exception {
    refused("No run is named; give its id or folder, or its family", "causes");
    refused("There is no finished comparison of family other", "causes", "--family", "other");
    refused(
        "--top-k, --random-sets and --resamples are counts",
        "causes",
        "--family",
        "demo",
        "--top-k",
        "0");
    refused("missing.json", "causes", "--family", "demo", "--pairs", "missing.json");
    Files.writeString(folder.resolve("unequal.csv"), "clean,corrupt\nWho?,Who are you today?\n");
    refused("The prompts of pair 1 have", "causes", "--family", "demo", "--pairs", "unequal.csv");
  }

  private static void refused(String sentence, String... arguments) throws Exception {
    Outcome outcome = CommandProcess.run(folder, with(arguments, "--data", "data"));
    assertThat(outcome.exitCode()).as(outcome.out() + outcome.err()).isEqualTo(2);
    assertThat(outcome.err().lines().toList().getLast())
        .startsWith("rolescope: ")
        .contains(sentence);
    assertThat(outcome.err()).doesNotContain("\tat ");
  }

  /** Σ s (m_patched − m_target) / Σ |m_source − m_target|, docs/metrics.md. */
  private static double recovery(JsonNode endpoints, JsonNode patched) {
    double moved = 0;
    double gaps = 0;
    for (int pair = 0; pair < patched.size(); pair++) {
      double target = endpoints.get("target").get(pair).asDouble();
      double gap = endpoints.get("source").get(pair).asDouble() - target;
      moved += Math.signum(gap) * (patched.get(pair).asDouble() - target);
      gaps += Math.abs(gap);
    }
    return moved / gaps;
  }

  /** NumPy's percentile: linear between neighbours. */
  private static double percentile95(List<Double> values) {
    List<Double> sorted = values.stream().sorted().toList();
    double place = 0.95 * (sorted.size() - 1);
    int below = (int) place;
    return sorted.get(below) + (place - below) * (sorted.get(below + 1) - sorted.get(below));
  }

  private static Optional<JsonNode> candidate(JsonNode found, JsonNode head) {
    return StreamSupport.stream(found.get("candidates").spliterator(), false)
        .filter(cause -> cause.at("/patching/heads/0").equals(head))
        .findFirst();
  }

  private static JsonNode results() throws IOException {
    return new ObjectMapper().readTree(work("data").resolve("results.json").toFile());
  }

  /** The report on the identity pairs; those on others have fewer candidates. */
  private static Path work(String data) throws IOException {
    try (Stream<Path> works = Files.list(folder.resolve(data).resolve("causes"))) {
      List<Path> asked =
          works
              .filter(work -> Files.exists(work.resolve("plan.json")))
              .filter(work -> planOf(work).contains("Who is he?"))
              .toList();
      assertThat(asked).hasSize(1);
      return asked.getFirst();
    }
  }

  private static String planOf(Path work) {
    try {
      return Files.readString(work.resolve("plan.json"));
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }

  private static Outcome run(String... arguments) throws IOException, InterruptedException {
    Outcome outcome = CommandProcess.run(folder, arguments);
    assertThat(outcome.exitCode()).as(outcome.err()).isZero();
    return outcome;
  }

  private static String[] with(String[] some, String... more) {
    return Stream.of(some, more).flatMap(Stream::of).toArray(String[]::new);
  }
}
