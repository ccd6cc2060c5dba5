package org.rolescope.orchestrator.view;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rolescope.fault.FaultCode;
import org.rolescope.fault.RolescopeException;
import org.rolescope.orchestrator.json.Json;
import org.rolescope.orchestrator.plan.ModelSlot;
import org.rolescope.orchestrator.plan.RunPlan;
import org.rolescope.orchestrator.testing.Bench;
import org.rolescope.orchestrator.testing.Plans;
import org.rolescope.v1.EntropyKind;

final class RunViewsTest {
  private static final EntropyKind EXACT = EntropyKind.ENTROPY_KIND_EXACT;

  @TempDir private Path root;

  @Test
  void showsBothModelsOfAComparison() throws IOException {
    RunViews views = RunViews.open(finished(Plans.comparing()));
    assertEquals(List.of("base", "instruct"), views.parts());
    assertEquals(Bench.LAYERS, views.layers().layers().size());
    assertEquals(Bench.LAYERS * 2, views.heads().heads().size());
    assertEquals(2 * Bench.LAYERS * 4, views.categories(EXACT).rows().size());
    assertEquals(2, views.categories(EXACT).rows().getFirst().n());
    assertEquals(8, views.headEntropies(1, 1).parts().get("base").length);
    assertTrue(views.keyAttention(List.of(0)).rows().isEmpty(), "the fake measures none");
    JsonNode detail = Json.read(ViewJson.bytes(views.detail()));
    assertEquals("complete", detail.at("/run/state").asText());
    assertEquals("third_person", detail.at("/prompts/7/category").asText());
    assertEquals(1, detail.at("/prompts/7/number").asInt());
    assertTrue(detail.at("/prompts/0/token_counts/instruct").asInt() > 0);
  }

  @Test
  void oneModelHasNeitherDifferencesNorCandidates() {
    RunViews views = RunViews.open(finished(Plans.single()));
    assertEquals(List.of("single"), views.parts());
    assertTrue(views.layers().layers().getFirst().difference().isEmpty());
    assertTrue(views.heads().heads().getFirst().did().isEmpty());
    assertTrue(views.detail().verdict().isEmpty());
    assertFault(FaultCode.INVALID_ARGUMENT, () -> views.candidates(0, EXACT));
  }

  @Test
  void refusesWhatIsNotThere() {
    RunViews views = RunViews.open(finished(Plans.comparing()));
    assertFault(FaultCode.NOT_FOUND, () -> views.headEntropies(Bench.LAYERS, 0));
    assertFault(FaultCode.NOT_FOUND, () -> views.keyAttention(List.of(-1)));
    assertFault(FaultCode.NOT_FOUND, () -> views.pattern("single", 0, 0, 0));
    assertFault(FaultCode.NOT_FOUND, () -> views.pattern("base", 0, 0, 8));
    assertFault(FaultCode.NOT_FOUND, () -> views.artifact("plan.json"));
    assertFault(
        FaultCode.INVALID_ARGUMENT, () -> views.categories(EntropyKind.ENTROPY_KIND_NORM_WEIGHTED));
  }

  /** A pattern that is captured once more is the one that another run kept. */
  @Test
  void patternsThatWereNotKeptAreCaptured() {
    try (Bench bench = new Bench(root)) {
      Path kept = bench.finish(Plans.comparing()).folder();
      Path skipped =
          bench.finish(Plans.plan(Optional.of("tiny-instruct"), Plans.prompts(), true)).folder();
      RunViews without = RunViews.open(skipped);
      assertFault(FaultCode.NOT_FOUND, () -> without.pattern("instruct", 2, 1, 3));
      CapturedPattern source = new CapturedPattern(bench.inferenceClient(), without.run().run());
      Pattern captured = without.withPatterns(source).pattern("instruct", 2, 1, 3);
      assertEquals(RunViews.open(kept).pattern("instruct", 2, 1, 3), captured);
      assertArrayEquals(
          source.pattern(ModelSlot.RUN, 2, 1, 3, captured.size()),
          Base64.getDecoder().decode(captured.pattern()));
    }
  }

  private Path finished(RunPlan plan) {
    try (Bench bench = new Bench(root)) {
      return bench.finish(plan).folder();
    }
  }

  private static void assertFault(FaultCode code, Runnable action) {
    assertEquals(code, assertThrows(RolescopeException.class, action::run).code());
  }
}
