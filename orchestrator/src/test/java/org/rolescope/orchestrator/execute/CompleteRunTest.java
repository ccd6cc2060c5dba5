package org.rolescope.orchestrator.execute;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jetbrains.bio.npy.NpyArray;
import org.jetbrains.bio.npy.NpzFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rolescope.fault.FaultCode;
import org.rolescope.fault.RolescopeException;
import org.rolescope.orchestrator.plan.PromptCategory;
import org.rolescope.orchestrator.plan.PromptSet;
import org.rolescope.orchestrator.plan.RunId;
import org.rolescope.orchestrator.plan.RunPlan;
import org.rolescope.orchestrator.testing.Bench;
import org.rolescope.orchestrator.testing.Folders;
import org.rolescope.orchestrator.testing.Plans;
import org.rolescope.v1.EntropyKind;
import org.rolescope.v1.RankCandidatesResponse;
import org.rolescope.v1.RunResults;

final class CompleteRunTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir private Path root;

  @Test
  void twoModelsAreMeasuredAndCompared() throws IOException {
    try (Bench bench = new Bench(root)) {
      RunStatus end = bench.finish(Plans.comparing());
      assertEquals(RunState.COMPLETE, end.state());
      assertEquals(end.stepsTotal(), end.stepsDone());
      RunResults results = bench.runs().results(end).orElseThrow();
      assertEquals(Bench.LAYERS, results.getComparison().getLayersCount());
      assertTrue(
          Double.isNaN(
              results
                  .getComparison()
                  .getLayers(0)
                  .getBase()
                  .getRfc()
                  .getReference()
                  .getStandardDeviation()));
      assertFalse(results.hasRoles());
      assertEquals("tiny-instruct", results.getInstructModel().getName());
      for (String artifact : results.getArtifactsList()) {
        assertTrue(Files.exists(end.folder().resolve(artifact)), artifact);
      }
      assertEquals(artifacts(), results.getArtifactsList());
      assertEquals(Optional.of(end), bench.runs().list().stream().findFirst());
    }
  }

  @Test
  void headsAreNotRankedWithoutTwoPairsOfPrompts() throws IOException {
    List<PromptCategory> one =
        Plans.prompts().categories().stream()
            .map(category -> new PromptCategory(category.name(), category.prompts().subList(0, 1)))
            .toList();
    try (Bench bench = new Bench(root)) {
      PromptSet prompts = new PromptSet("one-each", one);
      RunStatus end = bench.finish(Plans.plan(Optional.of("tiny-instruct"), prompts, true));
      assertEquals(RunState.COMPLETE, end.state());
      assertTrue(bench.runs().results(end).orElseThrow().hasComparison());
      assertFalse(Files.exists(end.folder().resolve("activation_patching_results_robust")));
    }
  }

  @Test
  void headsOfACompleteComparisonAreRankedAgainWithoutMeasuring() throws IOException {
    try (Bench bench = new Bench(root)) {
      RunStatus end = bench.finish(Plans.comparing());
      int measured = bench.metrics().requests().size();
      RankCandidatesResponse two =
          bench.runs().rankCandidates(end.id(), 2, EntropyKind.ENTROPY_KIND_EXACT);
      assertEquals(2, two.getCandidatesCount());
      assertEquals(Bench.LAYERS, two.getRankedCount());
      assertEquals(EntropyKind.ENTROPY_KIND_EXACT, two.getOptions().getEntropy());
      assertEquals("tiny", two.getOptions().getModelFamily());
      assertEquals("self_referent", two.getOptions().getCategories(0));
      assertEquals(measured, bench.metrics().requests().size());
      assertEquals(
          "layer,head,model_family,self_base_median",
          Files.readString(
                  end.folder()
                      .resolve("activation_patching_results_robust/patching_candidates_tiny.csv"))
              .substring(0, 40));
    }
  }

  @Test
  void onlyACompleteComparisonIsRanked() {
    try (Bench bench = new Bench(root)) {
      RunStatus single = bench.finish(Plans.single());
      assertRefused(FaultCode.INVALID_ARGUMENT, "measured one model", bench, single.id());
      bench.trouble().failAfter(2);
      RunStatus failed = bench.finish(Plans.comparing());
      assertEquals(RunState.FAILED, failed.state());
      assertRefused(FaultCode.CONFLICT, "is not complete", bench, failed.id());
      RunId unknown = new RunId("tiny-0123456789ab");
      assertRefused(FaultCode.NOT_FOUND, "There is no run", bench, unknown);
    }
  }

  @Test
  void oneModelIsMeasuredIntoTheRunFolder() {
    try (Bench bench = new Bench(root)) {
      RunStatus end = bench.finish(Plans.single());
      RunResults results = bench.runs().results(end).orElseThrow();
      assertEquals(Bench.LAYERS, results.getRoles().getLayersCount());
      assertEquals("tiny-base", results.getBaseModel().getName());
      assertFalse(results.hasInstructModel());
      assertFalse(results.hasComparison());
      assertEquals(
          Stream.concat(
                  Stream.of(
                      "results.json",
                      "results_tiny_activation/latest_run/activations.json",
                      "results_tiny_activation/latest_run/experiment_config.json",
                      "results_tiny_activation/latest_run/raw_blocks_0_attn_pattern.npz",
                      "results_tiny_activation/latest_run/raw_blocks_1_attn_pattern.npz",
                      "results_tiny_activation/latest_run/raw_blocks_2_attn_pattern.npz"),
                  tables())
              .toList(),
          results.getArtifactsList());
    }
  }

  @Test
  void rawPatternsCanBeLeftOut() throws IOException {
    try (Bench bench = new Bench(root)) {
      RunStatus end = bench.finish(Plans.plan(Optional.empty(), Plans.prompts(), true));
      assertEquals(RunState.COMPLETE, end.state());
      assertTrue(bench.inference().requests().isEmpty());
      try (Stream<Path> files = Files.walk(end.folder())) {
        assertTrue(files.noneMatch(file -> file.toString().endsWith(".npz")));
      }
    }
  }

  @Test
  void entropiesFollowFromTheArchivedPatterns() throws IOException {
    try (Bench bench = new Bench(root)) {
      Path model =
          bench.finish(Plans.comparing()).folder().resolve("results_tiny_activation/latest_run");
      JsonNode activations = JSON.readTree(model.resolve("activations.json").toFile());
      assertEquals(8, activations.path("prompts").size());
      assertEquals("Explain naïve 𝔘nicode.", activations.at("/prompts/5/text").textValue());
      assertEquals("neutral", activations.at("/prompts/5/category").textValue());
      assertEquals("<s>", activations.at("/prompts/5/tokens/0").textValue());
      for (int layer = 0; layer < Bench.LAYERS; layer++) {
        Path file = model.resolve("raw_blocks_" + layer + "_attn_pattern.npz");
        checkLayer(activations.path("layers").path(layer), file);
      }
    }
  }

  @Test
  void twoRunsAreEqualByteForByteExceptForTimes() throws IOException {
    SortedMap<String, String> first = filesOf(Plans.comparing(), root.resolve("a"));
    SortedMap<String, String> second = filesOf(Plans.comparing(), root.resolve("b/deeper"));
    assertEquals(first.keySet(), second.keySet());
    assertEquals(first, second);
    assertEquals(2 * (2 * Bench.LAYERS + 3) + 7 + tables().count(), first.size());
  }

  @Test
  void timesAreInOneFileAndPathsInNone() throws IOException {
    try (Bench bench = new Bench(root)) {
      Path folder = bench.finish(Plans.comparing()).folder();
      JsonNode timings = JSON.readTree(folder.resolve("timings.json").toFile());
      assertEquals("complete", timings.at("/sessions/0/outcome").textValue());
      assertTrue(timings.at("/sessions/0/steps/0/finished_at").isTextual());
      try (Stream<Path> files = Files.walk(folder)) {
        for (Path file : files.filter(each -> each.toString().endsWith(".json")).toList()) {
          assertFalse(Files.readString(file).contains(root.toString()), file.toString());
        }
      }
    }
  }

  @Test
  void settingsAreSpelledOutBesideTheNumbers() throws IOException {
    try (Bench bench = new Bench(root)) {
      RunStatus end = bench.finish(Plans.comparing());
      Path model = end.folder().resolve("results_tiny_activation/latest_base");
      JsonNode config = JSON.readTree(model.resolve("experiment_config.json").toFile());
      assertEquals(end.id().text(), config.path("run_id").textValue());
      assertEquals("latest_base", config.path("measured").textValue());
      assertEquals(2000, config.at("/role_options/bootstrap_resamples").intValue());
      assertEquals(7, config.at("/role_options/seed").intValue());
      assertEquals("b".repeat(64), config.at("/models/latest_base/digest").textValue());
      assertEquals(64, config.at("/prompt_set/digest").textValue().length());
      assertEquals(System.getProperty("java.version"), config.at("/software/java").textValue());
      assertFalse(config.at("/software/rolescope").textValue().contains("$"));
    }
  }

  private static void assertRefused(FaultCode code, String sentence, Bench bench, RunId run) {
    RolescopeException refused =
        assertThrows(
            RolescopeException.class,
            () -> bench.runs().rankCandidates(run, 0, EntropyKind.ENTROPY_KIND_REFERENCE));
    assertEquals(code, refused.code());
    assertTrue(refused.getMessage().contains(sentence), refused.getMessage());
  }

  private static void checkLayer(JsonNode layer, Path file) {
    try (NpzFile.Reader reader = NpzFile.read(file)) {
      for (int prompt = 0; prompt < 8; prompt++) {
        NpyArray array = reader.get("activations_00" + prompt, 1 << 16);
        int[] shape = array.getShape();
        assertArrayEquals(new int[] {2, shape[1], shape[1]}, shape);
        assertEquals(layer.at("/query_counts/" + prompt).intValue(), shape[1]);
        for (int head = 0; head < shape[0]; head++) {
          double stored = layer.at("/entropy_exact_nats/" + head + "/" + prompt).doubleValue();
          assertEquals(entropyNats(array.asFloatArray(), head, shape[1]), stored, 1e-6);
        }
      }
    }
  }

  /** Mean over query positions of -sum a ln a, straight from the archived numbers. */
  private static double entropyNats(float[] pattern, int head, int tokens) {
    double sum = 0;
    for (int cell = head * tokens * tokens; cell < (head + 1) * tokens * tokens; cell++) {
      sum -= pattern[cell] > 0 ? pattern[cell] * Math.log(pattern[cell]) : 0;
    }
    return sum / tokens;
  }

  private static SortedMap<String, String> filesOf(RunPlan plan, Path root) throws IOException {
    try (Bench bench = new Bench(root)) {
      return Folders.contents(bench.finish(plan).folder());
    }
  }

  private static Stream<String> tables() {
    return Stream.of("controls", "heads", "layers", "prompts")
        .flatMap(
            name ->
                Stream.of("csv", "json", "parquet").map(format -> "tables/" + name + "." + format));
  }

  private static List<String> artifacts() {
    return Stream.of(
            Stream.of(
                "activation_patching_results_robust/patching_candidates_tiny.csv",
                "activation_patching_results_robust/patching_summary_tiny.json",
                "figures/tiny/comparison/detailed_comparison.csv",
                "results.json"),
            Stream.of("latest_base", "latest_run")
                .flatMap(
                    slot ->
                        Stream.of(
                                "activations.json",
                                "experiment_config.json",
                                "raw_blocks_0_attn_pattern.npz",
                                "raw_blocks_1_attn_pattern.npz",
                                "raw_blocks_2_attn_pattern.npz")
                            .map(file -> "results_tiny_activation/" + slot + "/" + file)),
            tables())
        .flatMap(Function.identity())
        .toList();
  }
}
