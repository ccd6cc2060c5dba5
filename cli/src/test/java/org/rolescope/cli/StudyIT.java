package org.rolescope.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.rolescope.cli.CommandProcess.Outcome;

/** {@code rolescope correlate} and {@code rolescope reproduce} on the published tables. */
@Timeout(600)
final class StudyIT {
  private static final Path PUBLISHED = Path.of("../examples/published").toAbsolutePath();
  private static final String LATER = "comparison_qwen_30prompts.csv";

  @TempDir Path folder;
  private static Outcome reproduced;

  @BeforeAll
  static void reproduce(@TempDir Path anywhere) throws IOException, InterruptedException {
    reproduced = CommandProcess.run(anywhere, "reproduce");
  }

  @Test
  void thePublishedFiguresAreReproduced() throws IOException, InterruptedException {
    Outcome outcome = reproduced;
    assertThat(outcome.exitCode()).as(outcome.err()).isZero();
    assertThat(outcome.out())
        .contains("35 of 35 figures agree to a relative difference of 1e-09")
        .contains("22 (68.75%)", "26 (81.25%)", "8 (28.57%)")
        .contains("~ unequal numbers of layers")
        .contains("qwen: the mean over 28 layers is +0.0475, the median -0.0013.")
        .contains("Layer 0, at +1.3600, moves the mean the most")
        .contains("without it the mean is -0.0012 and the median -0.0018")
        .contains("qwen_30prompts: the mean over 28 layers is +0.1424")
        .contains("Layer 0, at +4.0618", "without it the mean is -0.0028")
        .contains("comparison_qwen.csv: the RFC of the heads of layer 0 has a standard deviation")
        .contains("comparison_llama.csv: n_heads is 28 in every layer, but the model has 32")
        .contains("comparison_mistral.csv: n_heads is 28")
        .doesNotContain("comparison_qwen.csv: n_heads")
        .contains("\"What is photosynthesis?\" stands 2 times in category neutral");
    Outcome named = CommandProcess.run(folder, "reproduce", PUBLISHED.toString());
    assertThat(named.out()).isEqualTo(outcome.out());
  }

  @Test
  void oneDriftedDigitIsNoticed() throws IOException, InterruptedException {
    Path copy = copy();
    replace(copy.resolve("comparison_llama.csv"), "-0.059209389345986504", "-0.059209399345986504");
    Outcome outcome = CommandProcess.run(folder, "reproduce", copy.toString());
    assertThat(outcome.exitCode()).as(outcome.err()).isEqualTo(1);
    assertThat(outcome.out()).containsPattern("summary_stats\\.llama\\.mean .*e-\\d+!");
    assertThat(outcome.out()).doesNotContain("35 of 35");
    assertThat(outcome.err()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "comparison_mistral.csv, , comparison_mistral.csv; check the path",
    LATER + ", , There is no file",
    "cross_model_analysis_results.json, , cross_model_analysis_results.json",
    "prompts.json, , prompts.json",
    "cross_model_analysis_results.json, {, is no valid JSON",
    "cross_model_analysis_results.json, {}, has no number at summary_stats.llama.mean",
    "comparison_llama.csv, 'layer,rfc', has no column rfc_diff",
  })
  void missingAndDamagedFilesAreNamed(String file, String content, String named)
      throws IOException, InterruptedException {
    Path copy = copy();
    Files.delete(copy.resolve(file));
    if (content != null) {
      Files.writeString(copy.resolve(file), content);
    }
    assertRefused(named, "reproduce", copy.toString());
  }

  @Test
  void aMissingFolderIsNamed() throws IOException, InterruptedException {
    assertRefused("There is no folder nowhere", "reproduce", "nowhere");
  }

  @Test
  void correlateWritesThePublishedStructure() throws IOException, InterruptedException {
    Outcome outcome =
        CommandProcess.run(
            folder,
            "correlate",
            "--table",
            table("llama"),
            "--table",
            table("mistral"),
            "--table",
            table("qwen"));
    assertThat(outcome.exitCode()).as(outcome.err()).isZero();
    assertThat(outcome.out()).contains("Wrote cross_model_analysis_results.json", "+0.3978");
    JsonNode ours = json(folder.resolve("cross_model_analysis_results.json"));
    JsonNode published = json(PUBLISHED.resolve("cross_model_analysis_results.json"));
    for (String object : List.of("summary_stats", "correlations")) {
      assertThat(names(ours.get(object))).isEqualTo(names(published.get(object)));
      for (Map.Entry<String, JsonNode> entry : published.get(object).properties()) {
        JsonNode counterpart = ours.get(object).get(entry.getKey());
        assertThat(names(counterpart)).isEqualTo(names(entry.getValue()));
        for (Map.Entry<String, JsonNode> number : entry.getValue().properties()) {
          double expected = number.getValue().asDouble();
          assertThat(counterpart.get(number.getKey()).asDouble())
              .as(entry.getKey() + " " + number.getKey())
              .isCloseTo(expected, Offset.offset(1e-9 * Math.abs(expected)));
        }
      }
    }
    assertThat(names(ours.get("interpolated_correlations")))
        .containsExactly("llama_vs_qwen", "mistral_vs_qwen");
    assertThat(ours.at("/interpolated_correlations/llama_vs_qwen/interpolated").asBoolean())
        .isTrue();
    assertThat(ours.at("/single_layers/qwen/rests_on_one_layer").asBoolean()).isTrue();
    assertThat(ours.has("analysis_timestamp")).isFalse();
  }

  @Test
  void theSameTablesGiveTheSameBytes() throws IOException, InterruptedException {
    for (String out : List.of("one.json", "deeper/two.json")) {
      Outcome outcome =
          CommandProcess.run(
              folder,
              "correlate",
              "--table",
              table("llama"),
              "--table",
              table("qwen"),
              "--column",
              "rsi_diff",
              "--out",
              out);
      assertThat(outcome.exitCode()).as(outcome.err()).isZero();
      assertThat(outcome.out()).contains("Layers of rsi_diff");
    }
    assertThat(folder.resolve("deeper/two.json"))
        .hasSameBinaryContentAs(folder.resolve("one.json"));
  }

  @Test
  void aRemoteMetricsServiceGivesTheSame() throws IOException, InterruptedException {
    try (CommandProcess metrics =
        CommandProcess.serve(folder, new String[] {"--port", "0"}, "serve", "metrics")) {
      Outcome there = CommandProcess.run(folder, "reproduce", "--metrics", metrics.address());
      assertThat(there.exitCode()).as(there.err()).isZero();
      assertThat(there.out()).isEqualTo(reproduced.out());
    }
  }

  @Test
  void aConstantSeriesCorrelatesWithNothing() throws IOException, InterruptedException {
    Files.writeString(folder.resolve("flat.csv"), "layer,rfc_diff\n0,0.5\n1,0.5\n2,0.5\n");
    Files.writeString(folder.resolve("other.csv"), "\uFEFFrfc_diff,layer\r\n1,0\r\n3,1\r\n2,2\r\n");
    Outcome outcome =
        CommandProcess.run(
            folder, "correlate", "--table", "flat=flat.csv", "--table", "other=other.csv");
    assertThat(outcome.exitCode()).as(outcome.err()).isZero();
    assertThat(outcome.out()).contains("NaN: a series is constant");
    JsonNode pair =
        json(folder.resolve("cross_model_analysis_results.json")).at("/correlations/flat_vs_other");
    assertThat(pair.get("pearson_r").isNull()).isTrue();
    assertThat(pair.get("spearman_p").isNull()).isTrue();
    assertThat(pair.get("layers_compared").asInt()).isEqualTo(3);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "layer,rfc_diff;0,1;1,nan;2,3 | holds `nan` for rfc_diff at layer 1",
        "layer,rfc_diff;0,1;1,;2,3 | holds `` for rfc_diff at layer 1",
        "layer,rfc_diff;0,1;1,Infinity;2,3 | holds `Infinity`",
        "layer,rfc_diff;0,1;1,2 | Series x has 2 layers; it needs at least 3",
        "layer,rfc_diff;0,1 | Series x has 1 layer; it needs at least 3",
        "layer,rfc_diff | Series x has 0 layers",
        "layer,rfc;0,1 | has no column rfc_diff (it has layer, rfc)",
        "rfc_diff;1 | has no column layer",
        "layer,rfc_diff;0,1;2,3 | has layer `2` in row 2 instead of layer 1",
        "layer,rfc_diff;0,1;1 | has 1 cells in row 2 under 2 headings",
        "layer,rfc_diff,rfc_diff;0,1,1 | is no CSV table with a heading",
        "layer,rfc_diff;0,\"1 | is no CSV table",
      })
  void unusableTablesAreNamed(String rows, String named) throws IOException, InterruptedException {
    Files.writeString(folder.resolve("x.csv"), rows.replace(';', '\n') + "\n");
    assertRefused(named, "correlate", "--table", "x=x.csv");
  }

  @Test
  void unusableOptionsAreNamed() throws IOException, InterruptedException {
    assertRefused(
        "Two series have the name llama",
        "correlate",
        "--table",
        table("llama"),
        "--table",
        table("llama"));
    assertRefused("There is no file nowhere.csv", "correlate", "--table", "x=nowhere.csv");
    assertRefused("names no table; write it as NAME=FILE", "correlate", "--table", "x.csv");
    assertRefused("contains _vs_", "correlate", "--table", "a_vs_b=x.csv");
    assertRefused("--table", "correlate");
    assertRefused("is a folder; name a file", "correlate", "--table", table("llama"), "--out", ".");
    assertRefused("no column rsi", "correlate", "--table", table("llama"), "--column", "rsi");
  }

  @ParameterizedTest
  @ValueSource(strings = {"candidates", "correlate", "reproduce"})
  void helpIsThereForEveryCommand(String command) throws IOException, InterruptedException {
    Outcome outcome = CommandProcess.run(folder, command, "--help");
    assertThat(outcome.exitCode()).isZero();
    assertThat(outcome.out()).contains("Usage: rolescope " + command);
  }

  private void assertRefused(String named, String... arguments)
      throws IOException, InterruptedException {
    Outcome outcome = CommandProcess.run(folder, arguments);
    assertThat(outcome.exitCode()).as(outcome.err()).isEqualTo(2);
    assertThat(outcome.err()).contains(named).doesNotContain("\tat ").doesNotContain("Exception");
    assertThat(folder.resolve("cross_model_analysis_results.json")).doesNotExist();
  }

  private static String table(String family) {
    return family + "=" + PUBLISHED.resolve("comparison_" + family + ".csv");
  }

  private Path copy() throws IOException {
    Path copy = Files.createDirectory(folder.resolve("published"));
    try (Stream<Path> files = Files.list(PUBLISHED)) {
      for (Path file : files.toList()) {
        Files.copy(file, copy.resolve(file.getFileName()));
      }
    }
    return copy;
  }

  private static void replace(Path file, String old, String other) throws IOException {
    String text = Files.readString(file);
    assertThat(text).contains(old);
    Files.writeString(file, text.replace(old, other));
  }

  private static JsonNode json(Path file) throws IOException {
    return new ObjectMapper().readTree(file.toFile());
  }

  private static List<String> names(JsonNode object) {
    List<String> names = new ArrayList<>();
    object.fieldNames().forEachRemaining(names::add);
    return names;
  }
}
