package org.rolescope.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.rolescope.cli.CommandProcess.Outcome;

/** What a user takes away from a run: tables in every format, and {@code rolescope report}. */
@Timeout(600)
final class ReportIT {
  private static final int LAYERS = 6;
  private static final int HEADS = 8;
  private static final int PROMPTS = 4 * 3;

  @TempDir static Path folder;
  private static Path run;

  @BeforeAll
  static void runDemo() throws IOException, InterruptedException {
    String[] small = {
      "--prompts-per-category", "3", "--resamples", "50", "--no-raw-patterns", "--data", "data"
    };
    Outcome demo =
        CommandProcess.run(
            folder,
            Stream.of(new String[] {"demo"}, small).flatMap(Stream::of).toArray(String[]::new));
    assertThat(demo.exitCode()).as(demo.err()).isZero();
    try (Stream<Path> runs = Files.list(folder.resolve("data/runs"))) {
      run =
          runs.filter(path -> path.getFileName().toString().startsWith("demo-")).findFirst().get();
    }
  }

  @Test
  void everyTableIsThereInEveryFormat() throws IOException {
    List<Integer> rowCounts = List.of(LAYERS, 2 * LAYERS * HEADS, 2 * LAYERS * HEADS * PROMPTS);
    List<String> names = List.of("layers", "heads", "prompts");
    for (int table = 0; table < names.size(); table++) {
      String name = names.get(table);
      List<String> csv = Files.readAllLines(table(name + ".csv"));
      assertThat(csv).hasSize(rowCounts.get(table) + 1);
      JsonNode json = new ObjectMapper().readTree(table(name + ".json").toFile());
      assertThat(json).hasSize(rowCounts.get(table));
      assertThat(String.join(",", names(json.get(0)))).isEqualTo(csv.getFirst());
      byte[] parquet = Files.readAllBytes(table(name + ".parquet"));
      assertThat(Arrays.copyOf(parquet, 4))
          .isEqualTo("PAR1".getBytes(StandardCharsets.US_ASCII))
          .isEqualTo(Arrays.copyOfRange(parquet, parquet.length - 4, parquet.length));
    }
    assertThat(table("controls.csv")).exists();
    assertThat(Files.readAllBytes(table("layers.csv")))
        .isEqualTo(
            Files.readAllBytes(run.resolve("figures/demo/comparison/detailed_comparison.csv")));
  }

  @Test
  void promptsHoldTheEntropiesOfTheActivations() throws IOException {
    JsonNode rows = new ObjectMapper().readTree(table("prompts.json").toFile());
    int row = 0;
    for (String slot : List.of("latest_base", "latest_run")) {
      JsonNode activations =
          new ObjectMapper()
              .readTree(
                  run.resolve("results_demo_activation")
                      .resolve(slot)
                      .resolve("activations.json")
                      .toFile());
      for (JsonNode layer : activations.get("layers")) {
        for (int cell = 0; cell < HEADS * PROMPTS; cell++, row++) {
          int prompt = cell % PROMPTS;
          JsonNode found = rows.get(row);
          assertThat(found.get("layer")).isEqualTo(layer.get("layer"));
          assertThat(found.get("head").intValue()).isEqualTo(cell / PROMPTS);
          assertThat(found.get("prompt").intValue()).isEqualTo(prompt);
          assertThat(found.get("category"))
              .isEqualTo(activations.get("prompts").get(prompt).get("category"));
          assertThat(found.get("token_count").intValue())
              .isEqualTo(activations.get("prompts").get(prompt).get("token_ids").size());
          assertThat(found.get("entropy_exact_nats"))
              .isEqualTo(layer.get("entropy_exact_nats").get(cell / PROMPTS).get(prompt));
        }
      }
    }
    assertThat(rows).hasSize(row);
  }

  @Test
  void reportsByIdAndByFolderWithTheSameBytes() throws IOException, InterruptedException {
    Outcome byId = report(run.getFileName().toString(), "--data", "data");
    assertThat(byId.exitCode()).as(byId.err()).isZero();
    assertThat(byId.out()).contains("report.md", "report.html");
    String markdown = Files.readString(run.resolve("report.md"));
    String html = Files.readString(run.resolve("report.html"));
    assertThat(markdown)
        .startsWith("# Rolescope report: demo")
        .contains("RFC from base to instruct by the default estimator")
        .contains("| base | demo-base | llama | 6 | 8 |", "supported", "onnxruntime")
        .contains("- [tables/prompts.parquet](./tables/prompts.parquet)")
        .doesNotContain(folder.toString());
    assertThat(html).contains("<table>", "</html>").doesNotContain("<script", "http:", "https:");

    Outcome byFolder = report(run.toString());
    assertThat(byFolder.exitCode()).as(byFolder.err()).isZero();
    assertThat(Files.readString(run.resolve("report.md"))).isEqualTo(markdown);
    assertThat(Files.readString(run.resolve("report.html"))).isEqualTo(html);
  }

  @Test
  void reportsElsewhereWithLinksThatLeadBack() throws IOException, InterruptedException {
    Outcome outcome = report(run.toString(), "--out", "mine");
    assertThat(outcome.exitCode()).as(outcome.err()).isZero();
    assertThat(Files.readString(folder.resolve("mine/report.md")))
        .contains("](./../data/runs/" + run.getFileName() + "/tables/heads.csv)");
  }

  @Test
  void whatIsNoFinishedRunIsNamed() throws IOException, InterruptedException {
    assertRefused("no-such", "is no run id");
    assertRefused("demo-0123456789ab", "There is no run in ");
    Files.createDirectory(folder.resolve("nothing"));
    assertRefused("nothing", "There is no run in ");
    Path unfinished = Files.createDirectories(folder.resolve("unfinished"));
    Files.copy(run.resolve("plan.json"), unfinished.resolve("plan.json"));
    assertRefused("unfinished", "is not complete");
  }

  private static void assertRefused(String name, String sentence)
      throws IOException, InterruptedException {
    Outcome outcome = report(name, "--data", "data");
    assertThat(outcome.exitCode()).as(outcome.err()).isEqualTo(2);
    assertThat(outcome.err()).contains(sentence).doesNotContain("Exception", "\tat ");
  }

  private static Outcome report(String... arguments) throws IOException, InterruptedException {
    return CommandProcess.run(
        folder, Stream.concat(Stream.of("report"), Stream.of(arguments)).toArray(String[]::new));
  }

  private static Path table(String name) {
    return run.resolve("tables").resolve(name);
  }

  private static List<String> names(JsonNode row) {
    return row.properties().stream().map(Map.Entry::getKey).toList();
  }
}
