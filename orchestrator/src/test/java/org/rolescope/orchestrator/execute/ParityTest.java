package org.rolescope.orchestrator.execute;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.rolescope.fault.FaultCode;
import org.rolescope.fault.RolescopeException;
import org.rolescope.orchestrator.plan.RunPlan;
import org.rolescope.orchestrator.testing.Bench;
import org.rolescope.orchestrator.testing.FakeModel;
import org.rolescope.orchestrator.testing.Folders;
import org.rolescope.orchestrator.testing.Plans;
import org.rolescope.v1.Parity;

/** What verification found of a model decides whether it is measured, but not which run it is. */
final class ParityTest {
  @TempDir private Path root;

  @Test
  void aWrongModelIsRefusedAndLeavesNothing() throws IOException {
    try (Bench bench = new Bench(root)) {
      verified(bench, Parity.PARITY_WRONG);
      for (RunPlan plan : new RunPlan[] {Plans.comparing(), instructAlone()}) {
        RolescopeException fault =
            assertThrows(RolescopeException.class, () -> bench.runs().start(plan, false));
        assertEquals(FaultCode.MALFORMED_MODEL, fault.code());
        assertTrue(fault.getMessage().contains("Model tiny-instruct computes something else"));
        assertTrue(fault.getMessage().contains("accept_wrong_parity"));
      }
      assertEquals(0, Folders.contents(root).size());
    }
  }

  @Test
  void aWrongModelIsMeasuredWhereThatIsAccepted() throws IOException {
    try (Bench bench = new Bench(root)) {
      verified(bench, Parity.PARITY_WRONG);
      RunStatus begun = bench.runs().start(Plans.comparing(), false, true);
      bench.events(begun.id());
      assertEquals("unverified", parity(begun.folder(), "latest_base"));
      assertEquals("wrong", parity(begun.folder(), "latest_run"));
      assertThrows(
          RolescopeException.class,
          () -> bench.runs().start(Plans.comparing(), false),
          "what is there already was measured on the wrong model, too");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "PARITY_SUPPORTED, supported",
    "PARITY_DEGRADED, degraded",
    "PARITY_UNVERIFIED, unverified",
    "PARITY_UNSPECIFIED, unverified"
  })
  void otherModelsAreMeasuredAndTheParityIsRecorded(Parity parity, String word) throws IOException {
    try (Bench bench = new Bench(root)) {
      verified(bench, parity);
      assertEquals(word, parity(bench.finish(Plans.comparing()).folder(), "latest_run"));
    }
  }

  @Test
  void verificationLeavesTheRunTheSame() {
    try (Bench bench = new Bench(root)) {
      RunStatus before = bench.finish(Plans.comparing());
      verified(bench, Parity.PARITY_SUPPORTED);
      RunStatus after = bench.runs().start(Plans.comparing(), false);
      assertEquals(before.id(), after.id());
      assertEquals(RunState.COMPLETE, after.state());
      verified(bench, Parity.PARITY_WRONG);
      assertEquals(before.id(), bench.runs().start(Plans.comparing(), false, true).id());
    }
  }

  private static RunPlan instructAlone() {
    return new RunPlan(
        "tiny",
        "tiny-instruct",
        Optional.empty(),
        Plans.prompts(),
        Plans.comparing().roleSettings(),
        true,
        0);
  }

  private static void verified(Bench bench, Parity parity) {
    bench.models().put(new FakeModel("tiny-instruct", "c".repeat(64), Bench.LAYERS, 2, parity));
  }

  private static String parity(Path run, String slot) throws IOException {
    JsonNode config =
        new ObjectMapper()
            .readTree(
                run.resolve("results_tiny_activation/latest_run/experiment_config.json").toFile());
    return config.path("models").path(slot).path("parity").asText();
  }
}
