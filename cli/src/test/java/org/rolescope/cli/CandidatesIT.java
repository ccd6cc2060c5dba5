package org.rolescope.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVRecord;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.rolescope.cli.CommandProcess.Outcome;

/** {@code rolescope candidates} on the demo pair. */
@Timeout(600)
final class CandidatesIT {
  private static final int PROMPTS = 5;
  private static final String TABLE = "patching_candidates_demo.csv";
  private static final String SUMMARY = "patching_summary_demo.json";

  @TempDir static Path folder;
  private static Path run;

  @BeforeAll
  static void runDemo() throws IOException, InterruptedException {
    run("one", PROMPTS, "demo");
    run = onlyRun("one");
  }

  @Test
  void aComparisonHasItsCandidatesAndTheCommandWritesTheSame()
      throws IOException, InterruptedException {
    Outcome outcome = candidates("--family", "demo", "--data", "one", "--out", "same");
    assertThat(outcome.exitCode()).as(outcome.err()).isZero();
    assertThat(outcome.out()).contains("The first 10 of 48 heads of demo", "Wrote same/" + TABLE);
    for (String file : List.of(TABLE, SUMMARY)) {
      Path artifact = run.resolve("activation_patching_results_robust").resolve(file);
      assertThat(folder.resolve("same").resolve(file)).hasSameBinaryContentAs(artifact);
    }
  }

  @Test
  void fewerAreTheFirstOfAll() throws IOException, InterruptedException {
    candidates(run.toString(), "--top-k", "1000", "--out", "all");
    candidates(run.getFileName().toString(), "--data", "one", "--top-k", "3", "--out", "three");
    List<String> all = Files.readAllLines(folder.resolve("all").resolve(TABLE));
    List<String> three = Files.readAllLines(folder.resolve("three").resolve(TABLE));
    assertThat(all).hasSize(49);
    assertThat(three).isEqualTo(all.subList(0, 4));
    JsonNode summary =
        new ObjectMapper().readTree(folder.resolve("three").resolve(SUMMARY).toFile());
    assertThat(summary.get("total_candidates").asInt()).isEqualTo(3);
    assertThat(summary.get("heads_ranked").asInt()).isEqualTo(48);
  }

  /** Medians straight from the entropies the run stored: nothing of ours computes them. */
  @Test
  void mediansAreThoseOfTheStoredEntropies() throws IOException, InterruptedException {
    candidates(run.toString(), "--top-k", "48", "--entropy", "EXACT", "--out", "exact");
    JsonNode base = activations("latest_base");
    JsonNode instruct = activations("latest_run");
    List<CSVRecord> rows = rows(folder.resolve("exact").resolve(TABLE));
    assertThat(rows).hasSize(48);
    for (CSVRecord row : rows) {
      double[] before = entropies(base, row, "self_referent");
      double[] after = entropies(instruct, row, "self_referent");
      double[] neutralBefore = entropies(base, row, "neutral");
      double[] neutralAfter = entropies(instruct, row, "neutral");
      List<Double> did = new ArrayList<>();
      for (int pair = 0; pair < PROMPTS; pair++) {
        did.add((after[pair] - before[pair]) - (neutralAfter[pair] - neutralBefore[pair]));
      }
      Collections.sort(did);
      assertThat(Double.parseDouble(row.get("did_median")))
          .isCloseTo(did.get(PROMPTS / 2), Offset.offset(1e-9));
      double scores =
          Double.parseDouble(row.get("magnitude_score"))
              + Double.parseDouble(row.get("consistency_score"))
              + Double.parseDouble(row.get("baseline_score"));
      assertThat(Double.parseDouble(row.get("composite_score")))
          .isCloseTo(scores, Offset.offset(1e-12));
    }
  }

  @Test
  void aRemoteOrchestratorGivesTheSameBytes() throws IOException, InterruptedException {
    String[] data = {"--port", "0", "--data", "one"};
    try (CommandProcess metrics = CommandProcess.serve(folder, data, "serve", "metrics");
        CommandProcess orchestrator =
            CommandProcess.serve(
                folder, data, "serve", "orchestrator", "--metrics", metrics.address())) {
      Outcome outcome =
          candidates(
              "--family", "demo", "--out", "remote", "--orchestrator", orchestrator.address());
      assertThat(outcome.exitCode()).as(outcome.err()).isZero();
    }
    Path artifact = run.resolve("activation_patching_results_robust").resolve(TABLE);
    assertThat(folder.resolve("remote").resolve(TABLE)).hasSameBinaryContentAs(artifact);
  }

  @Test
  void onePairOfPromptsIsTooFew() throws IOException, InterruptedException {
    FileTrees.copy(folder.resolve("one/models"), folder.resolve("single/models"));
    compare("single", 1);
    assertThat(onlyRun("single").resolve("activation_patching_results_robust")).doesNotExist();
    assertRefused(
        "There are 1 prompts in category self_referent and 1 in neutral; candidates need at least"
            + " 2",
        "--family",
        "demo",
        "--data",
        "single");
  }

  @Test
  void theRunMustBeNamedClearly() throws IOException, InterruptedException {
    FileTrees.copy(folder.resolve("one"), folder.resolve("two"));
    compare("two", 3);
    assertRefused(
        "Family demo has 2 finished comparisons; name one of demo-",
        "--family",
        "demo",
        "--data",
        "two");
    run("two", 2, "analyze", "demo-base", "--family", "alone");
    assertRefused(
        "There is no finished comparison of family alone (families with runs: alone, demo)",
        "--family",
        "alone",
        "--data",
        "two");
    String alone =
        runs("two").stream().filter(id -> id.startsWith("alone-")).findFirst().orElseThrow();
    assertRefused("measured one model", alone, "--data", "two");
  }

  @Test
  void badInputIsNamed() throws IOException, InterruptedException {
    String id = run.getFileName().toString();
    assertRefused("No run is named", "--data", "one");
    assertRefused("no finished comparison of family llama", "--family", "llama", "--data", "one");
    assertRefused("(families with runs: none)", "--family", "llama", "--data", "empty");
    assertRefused("is of family demo, not llama", id, "--family", "llama", "--data", "one");
    assertRefused("`nothing` is no run id", "nothing", "--data", "one");
    assertRefused("There is no run demo-0123456789ab", "demo-0123456789ab", "--data", "one");
    assertRefused("Folder one is no run", "one", "--data", "one");
    assertRefused("--top-k is 0; give at least 1", id, "--top-k", "0", "--data", "one");
    assertRefused("--entropy sharp is no kind", id, "--entropy", "sharp", "--data", "one");
  }

  private static void assertRefused(String named, String... arguments)
      throws IOException, InterruptedException {
    List<String> all = new ArrayList<>(List.of(arguments));
    all.addAll(List.of("--out", "refused"));
    Outcome outcome = candidates(all.toArray(String[]::new));
    assertThat(outcome.exitCode()).as(outcome.err()).isEqualTo(2);
    assertThat(outcome.err()).contains(named).doesNotContain("\tat ").doesNotContain("Exception");
    assertThat(folder.resolve("refused")).doesNotExist();
  }

  private static Outcome candidates(String... arguments) throws IOException, InterruptedException {
    return CommandProcess.run(
        folder,
        Stream.concat(Stream.of("candidates"), Stream.of(arguments)).toArray(String[]::new));
  }

  /** Another comparison of the demo pair, whose models are there. */
  private static void compare(String data, int prompts) throws IOException, InterruptedException {
    run(data, prompts, "compare", "demo-base", "demo-instruct", "--family", "demo");
  }

  private static void run(String data, int prompts, String... command)
      throws IOException, InterruptedException {
    String[] options = {
      "--data",
      data,
      "--no-raw-patterns",
      "--resamples",
      "20",
      "--prompts-per-category",
      Integer.toString(prompts)
    };
    Outcome outcome =
        CommandProcess.run(
            folder, Stream.of(command, options).flatMap(Stream::of).toArray(String[]::new));
    assertThat(outcome.exitCode()).as(outcome.err()).isZero();
  }

  private static Path onlyRun(String data) throws IOException {
    List<String> ids = runs(data);
    assertThat(ids).hasSize(1);
    return folder.resolve(data).resolve("runs").resolve(ids.getFirst());
  }

  private static List<String> runs(String data) throws IOException {
    try (Stream<Path> runs = Files.list(folder.resolve(data).resolve("runs"))) {
      return runs.map(path -> path.getFileName().toString())
          .filter(name -> !name.startsWith("."))
          .toList();
    }
  }

  private static JsonNode activations(String variant) throws IOException {
    return new ObjectMapper()
        .readTree(
            run.resolve("results_demo_activation")
                .resolve(variant)
                .resolve("activations.json")
                .toFile());
  }

  private static double[] entropies(JsonNode activations, CSVRecord row, String category) {
    JsonNode head =
        activations.at(
            "/layers/%s/entropy_exact_nats/%s".formatted(row.get("layer"), row.get("head")));
    double[] entropies = new double[PROMPTS];
    int found = 0;
    for (JsonNode prompt : activations.get("prompts")) {
      if (prompt.get("category").asText().equals(category)) {
        entropies[found++] = head.get(prompt.get("index").asInt()).asDouble();
      }
    }
    assertThat(found).isEqualTo(PROMPTS);
    return entropies;
  }

  private static List<CSVRecord> rows(Path table) throws IOException {
    try (Reader reader = Files.newBufferedReader(table)) {
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
