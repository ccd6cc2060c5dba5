package org.rolescope.orchestrator.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.rolescope.fault.FaultCode;
import org.rolescope.fault.RolescopeException;
import org.rolescope.orchestrator.json.Json;
import org.rolescope.orchestrator.testing.Plans;

final class RunPlanTest {
  private static final RoleSettings SETTINGS = RoleSettings.defaults();

  @Test
  void entropyIsPartOfThePlan() {
    RunPlan plan = Plans.single();
    ObjectNode json = PlanJson.write(plan);
    assertEquals("exact", json.at("/role_options/entropy").asText());
    ((ObjectNode) json.get("role_options")).put("entropy", "length-normalised");
    RunPlan other = PlanJson.read(json);
    assertEquals(EntropyName.LENGTH_NORMALISED, other.roleSettings().entropy());
    assertNotEquals(RunId.of(plan, List.of("d")), RunId.of(other, List.of("d")));
    for (EntropyName name : EntropyName.values()) {
      assertEquals(name, EntropyName.of(name.text()));
    }
    assertInvalid(
        () -> EntropyName.of("EXACT"),
        "There is no kind of entropy `EXACT`; use one of reference, exact, length-normalised");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", ".", "..", "a/b", "a\\b", "a b", "ä", "a\n"})
  void refusesFamilyNamesThatAreNoFolderNames(String family) {
    assertInvalid(() -> plan(family, "m", Optional.empty()), "Family name");
  }

  @Test
  void refusesAFamilyNameThatIsTooLong() {
    assertEquals("a".repeat(64), plan("a".repeat(64), "m", Optional.empty()).family());
    assertInvalid(() -> plan("a".repeat(65), "m", Optional.empty()), "Family name");
  }

  @Test
  void refusesMissingModels() {
    assertInvalid(() -> plan("f", " ", Optional.empty()), "names no model");
    assertInvalid(() -> plan("f", "m", Optional.of(" ")), "instruct model is blank");
  }

  @Test
  void refusesAPromptSetWithoutARole() {
    PromptSet set = new PromptSet("s", List.of(new PromptCategory("neutral", List.of("x"))));
    assertInvalid(
        () -> new RunPlan("f", "m", Optional.empty(), set, SETTINGS, false, 0),
        "has no category self_referent");
  }

  @Test
  void aConfounderMayBeMissingUnlessItWasNamed() {
    PromptSet set =
        new PromptSet(
            "s",
            List.of(
                new PromptCategory("self_referent", List.of("x")),
                new PromptCategory("neutral", List.of("y"))));
    assertEquals(set, new RunPlan("f", "m", Optional.empty(), set, SETTINGS, false, 0).promptSet());
    RoleSettings named =
        new RoleSettings(new RoleCategoryNames("", "", "you"), 0, 0, 0, 0, 0, 0, EntropyName.EXACT);
    assertInvalid(
        () -> new RunPlan("f", "m", Optional.empty(), set, named, false, 0), "has no category you");
  }

  @Test
  void refusesACategoryThatPlaysTwoParts() {
    assertInvalid(() -> new RoleCategoryNames("a", "a", ""), "name three that differ");
    assertInvalid(() -> new RoleCategoryNames("confounder", "", ""), "name three that differ");
  }

  @Test
  void refusesOptionsOutOfRange() {
    RoleCategoryNames names = RoleCategoryNames.published();
    assertInvalid(
        () -> new RoleSettings(names, -1, 0, 0, 0, 0, 0, EntropyName.EXACT), "bootstrap_resamples");
    assertInvalid(
        () -> new RoleSettings(names, 0, 2_000_000, 0, 0, 0, 0, EntropyName.EXACT), "permutations");
    assertInvalid(
        () -> new RoleSettings(names, 0, 0, 0, Double.NaN, 0, 0, EntropyName.EXACT),
        "degenerate_below_nats");
    assertInvalid(
        () -> new RoleSettings(names, 0, 0, 0, 0, -1, 0, EntropyName.EXACT), "unstable_above");
    assertInvalid(
        () -> new RoleSettings(names, 0, 0, 0, 0, 0, 1, EntropyName.EXACT), "significance_level");
    assertInvalid(
        () -> new RunPlan("f", "m", Optional.empty(), Plans.prompts(), SETTINGS, false, -1),
        "max_batch_prompts is 4294967295");
  }

  @Test
  void refusesCategoriesOfOneName() {
    PromptCategory category = new PromptCategory("a", List.of("x"));
    assertInvalid(() -> new PromptSet("s", List.of(category, category)), "category a twice");
  }

  @Test
  void copiesWhatItIsGiven() {
    List<String> prompts = new ArrayList<>(List.of("x"));
    PromptCategory category = new PromptCategory("a", prompts);
    prompts.add("y");
    assertEquals(List.of("x"), category.prompts());
  }

  @Test
  void aSingleModelIsTheRunOne() {
    assertEquals(Map.of(ModelSlot.RUN, "tiny-base"), Plans.single().models());
    assertEquals(
        Map.of(ModelSlot.BASE, "tiny-base", ModelSlot.RUN, "tiny-instruct"),
        Plans.comparing().models());
  }

  @Test
  void survivesJson() throws Exception {
    RunPlan plan =
        new RunPlan(
            "f",
            "m",
            Optional.empty(),
            Plans.prompts(),
            new RoleSettings(
                RoleCategoryNames.published(),
                10,
                20,
                -1,
                0.1,
                0.2,
                0.3,
                EntropyName.SINK_EXCLUDED),
            true,
            5);
    assertEquals(plan, PlanJson.read(Json.read(Json.compact(PlanJson.write(plan)))));
    RunPlan comparing = Plans.comparing();
    assertEquals(comparing, PlanJson.read(PlanJson.write(comparing)));
  }

  @Test
  void promptOptionsArePartOfThePlanUnlessTheyAreTheDefault() {
    RunPlan plan = Plans.comparing();
    // Computed before plans had prompt options.
    assertEquals("tiny-06ca82bb6193", RunId.of(plan, List.of("d1", "d2")).text());
    assertTrue(PlanJson.write(plan).path("prompt_options").isMissingNode());
    for (BosPolicy bos : BosPolicy.values()) {
      RunPlan other = plan.withPromptOptions(new PromptOptions(bos, true));
      assertEquals(other, PlanJson.read(PlanJson.write(other)));
      assertNotEquals(RunId.of(plan, List.of("d1", "d2")), RunId.of(other, List.of("d1", "d2")));
      assertEquals(bos, BosPolicy.of(bos.text()));
    }
    assertInvalid(
        () -> BosPolicy.of("Auto"),
        "There is no policy `Auto` for the begin token; use one of auto, always, never");
  }

  @Test
  void idFollowsFromPlanAndModels() {
    RunPlan plan = Plans.comparing();
    RunId id = RunId.of(plan, List.of("d1", "d2"));
    assertTrue(id.text().matches("tiny-[0-9a-f]{12}"), id.text());
    assertEquals(id, RunId.of(Plans.comparing(), List.of("d1", "d2")));
    assertNotEquals(id, RunId.of(plan, List.of("d1", "d3")));
    assertNotEquals(id, RunId.of(Plans.single(), List.of("d1", "d2")));
  }

  @Test
  void aDefaultSpelledOutIsTheSamePlan() {
    RoleSettings spelled =
        new RoleSettings(
            new RoleCategoryNames("self_referent", "neutral", "confounder"),
            2000,
            2000,
            0,
            0.02,
            0.05,
            0.05,
            EntropyName.of(""));
    assertEquals(RoleSettings.defaults(), spelled);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "..", "tiny", "../tiny-0123456789ab", "a/b-0123456789ab", "tiny-0123456789aB"})
  void refusesWhatIsNoRunId(String text) {
    assertInvalid(() -> new RunId(text), "is no run id");
  }

  private static RunPlan plan(String family, String base, Optional<String> instruct) {
    return new RunPlan(family, base, instruct, Plans.prompts(), SETTINGS, false, 0);
  }

  private static void assertInvalid(Executable action, String words) {
    RolescopeException fault = assertThrows(RolescopeException.class, action);
    assertEquals(FaultCode.INVALID_ARGUMENT, fault.code());
    assertTrue(fault.getMessage().contains(words), fault.getMessage());
  }
}
