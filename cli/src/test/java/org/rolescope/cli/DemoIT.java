package org.rolescope.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.assertj.core.data.Offset;
import org.jetbrains.bio.npy.NpyArray;
import org.jetbrains.bio.npy.NpzFile;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.rolescope.cli.CommandProcess.Outcome;

/** {@code rolescope demo} as a newcomer runs it, in one process and in four. */
@Timeout(600)
final class DemoIT {
  private static final int LAYERS = 6;

  @TempDir static Path folder;
  private static Outcome demo;

  @BeforeAll
  static void runDemo() throws IOException, InterruptedException {
    demo = CommandProcess.run(folder, "demo", "--no-serve", "--data", "one");
  }

  @Test
  void printsTablesVerdictAndArtifacts() {
    assertThat(demo.exitCode()).as(demo.err()).isZero();
    assertThat(demo.out())
        .contains("RFC, role focus coefficient", "RSI, role separation index")
        .contains("base [95% CI]", "instruct [95% CI]", "difference [95% CI]")
        .contains("Default estimator: ratio of sums over heads of exact entropy", "Reference:")
        .contains("Controls: RFC: ", "RSI: ", "Self prompts are ", "Artifacts in ");
    for (int layer = 0; layer < LAYERS; layer++) {
      assertThat(demo.out()).containsPattern("(?m)^ *" + layer + "!? +[+-]\\d\\.\\d{4} \\[");
    }
    assertThat(demo.err()).contains("/").doesNotContain("\tat ");
  }

  @Test
  void aSecondDemoElsewhereGivesTheSameBytes() throws IOException, InterruptedException {
    Outcome again = CommandProcess.run(folder, "demo", "--no-serve", "--data", "two");
    assertThat(again.exitCode()).as(again.err()).isZero();
    assertThat(files(folder.resolve("two/runs"))).isEqualTo(files(folder.resolve("one/runs")));
    assertThat(again.out().replace("/two/", "/one/")).isEqualTo(demo.out());
  }

  @Test
  void whatWasMeasuredIsNotMeasuredAgain() throws IOException, InterruptedException {
    Outcome again = CommandProcess.run(folder, "demo", "--no-serve", "--data", "one");
    assertThat(again.exitCode()).as(again.err()).isZero();
    assertThat(again.out()).contains("This was measured before");
    assertThat(again.err()).isEmpty();
  }

  @Test
  void threeServersOverTcpGiveTheSameBytes() throws IOException, InterruptedException {
    String[] data = {"--port", "0", "--data", "three"};
    try (CommandProcess inference = CommandProcess.serve(folder, data, "serve", "inference");
        CommandProcess metrics =
            CommandProcess.serve(
                folder, data, "serve", "metrics", "--inference", inference.address());
        CommandProcess orchestrator =
            CommandProcess.serve(
                folder,
                data,
                "serve",
                "orchestrator",
                "--inference",
                inference.address(),
                "--metrics",
                metrics.address())) {
      Outcome remote =
          CommandProcess.run(
              folder,
              "demo",
              "--no-serve",
              "--data",
              "three",
              "--orchestrator",
              orchestrator.address());
      assertThat(remote.exitCode()).as(remote.err()).isZero();
      assertThat(remote.out().replace("/three/", "/one/")).isEqualTo(demo.out());
    }
    assertThat(files(folder.resolve("three/runs"))).isEqualTo(files(folder.resolve("one/runs")));
  }

  @Test
  void entropiesRecomputedFromTheArchivesEqualTheStoredOnes() throws IOException {
    for (String variant : List.of("latest_base", "latest_run")) {
      Path results = run().resolve("results_demo_activation").resolve(variant);
      JsonNode activations =
          new ObjectMapper().readTree(results.resolve("activations.json").toFile());
      assertThat(activations.get("layers")).hasSize(LAYERS);
      for (int layer = 0; layer < LAYERS; layer++) {
        Path archive = results.resolve("raw_blocks_" + layer + "_attn_pattern.npz");
        JsonNode stored = activations.get("layers").get(layer);
        for (int prompt = 0; prompt < activations.get("prompts").size(); prompt++) {
          double[] recomputed = entropies(archive, prompt);
          for (int head = 0; head < recomputed.length; head++) {
            double exact = stored.get("entropy_exact_nats").get(head).get(prompt).asDouble();
            assertThat(recomputed[head]).isCloseTo(exact, Offset.offset(1e-6));
          }
        }
      }
    }
  }

  @Test
  void theComparisonTableBeginsWithThePublishedColumns() throws IOException {
    String header =
        Files.readAllLines(run().resolve("figures/demo/comparison/detailed_comparison.csv"))
            .getFirst();
    assertThat(header)
        .startsWith(
            "layer,rfc_mean_base,rfc_std_base,rfc_ci_low_base,rfc_ci_high_base,rsi_mean_base,"
                + "rsi_std_base,rsi_ci_low_base,rsi_ci_high_base,n_heads_base,rfc_mean_instruct,"
                + "rfc_std_instruct,rfc_ci_low_instruct,rfc_ci_high_instruct,rsi_mean_instruct,"
                + "rsi_std_instruct,rsi_ci_low_instruct,rsi_ci_high_instruct,n_heads_instruct,"
                + "rfc_diff,rsi_diff,rfc_diff_ci_low,rfc_diff_ci_high,rsi_diff_ci_low,"
                + "rsi_diff_ci_high,");
  }

  /**
   * ONNX Runtime walks the command line when it starts, and a long one must not end the process.
   */
  @Test
  void aLongCommandLineDoesNoHarm() throws IOException, InterruptedException {
    String data = "./".repeat(4000) + "long";
    Outcome outcome =
        CommandProcess.run(
            folder,
            "demo",
            "--no-serve",
            "--data",
            data,
            "--prompts-per-category",
            "2",
            "--resamples",
            "20");
    assertThat(outcome.exitCode()).as(outcome.err()).isZero();
  }

  /** Mean entropy over query positions, per head, in plain loops: nothing of ours computes it. */
  private static double[] entropies(Path archive, int prompt) {
    try (NpzFile.Reader reader = NpzFile.read(archive)) {
      NpyArray array = reader.get("activations_%03d".formatted(prompt), Integer.MAX_VALUE);
      int heads = array.getShape()[0];
      int length = array.getShape()[1];
      float[] pattern = array.asFloatArray();
      double[] means = new double[heads];
      for (int cell = 0; cell < pattern.length; cell++) {
        double a = pattern[cell];
        if (a > 0) {
          means[cell / (length * length)] -= a * Math.log(a) / length;
        }
      }
      return means;
    }
  }

  private static Path run() throws IOException {
    try (Stream<Path> runs = Files.list(folder.resolve("one/runs"))) {
      List<Path> folders =
          runs.filter(path -> path.getFileName().toString().startsWith("demo-")).toList();
      assertThat(folders).hasSize(1);
      return folders.getFirst();
    }
  }

  /** Every file by its digest. */
  private static Map<String, String> files(Path root) throws IOException {
    Map<String, String> digests = FileTrees.digests(root);
    assertThat(digests).hasSizeGreaterThan(15);
    return digests;
  }
}
