package org.rolescope.orchestrator.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.rolescope.fault.RolescopeException;

final class PromptSetCheckTest {
  @Test
  void theBuiltInSetsDifferInTheRepetitionOnly() {
    assertEquals(
        List.of(
            "Prompt 1 of neutral and prompt 23 of neutral are the same (What is photosynthesis?); replace one."),
        warnings(PromptSets.bundled("published")));
    assertEquals(List.of(), warnings(PromptSets.bundled("default")));
  }

  @Test
  void repetitionsAreFoundAcrossCategoriesCaseAndSpaces() {
    List<String> warnings =
        warnings(
            set(
                List.of("Who are you?", "What ARE  you?"),
                List.of("what are you? ", "Who are you?"),
                List.of("x", "y")));
    assertEquals(
        List.of(
            "Prompt 1 of self_referent and prompt 2 of neutral are the same (Who are you?); replace one.",
            "Prompt 2 of self_referent and prompt 1 of neutral are the same but for case or spaces (What ARE  you?); replace one.",
            "Prompt 1 of neutral begins or ends with white space, which the model sees; remove it."),
        warnings);
  }

  @Test
  void unequalSizesAreNamedSincePromptsArePaired() {
    List<String> warnings = warnings(set(List.of("a", "b", "c"), List.of("d", "e"), List.of("f")));
    assertEquals(3, warnings.size());
    assertTrue(
        warnings.get(0).startsWith("Category self_referent has 3 prompts and neutral has 2"),
        warnings::toString);
    assertTrue(warnings.get(2).startsWith("Category confounder has a single prompt"));
  }

  @Test
  void lengthsThatDifferAreNamed() {
    List<String> self = IntStream.range(0, 12).mapToObj(each -> "you " + each).toList();
    List<String> neutral = IntStream.range(0, 12).mapToObj(each -> "it is " + each).toList();
    PromptSet set =
        new PromptSet(
            "s",
            List.of(
                new PromptCategory("self_referent", self), new PromptCategory("neutral", neutral)));
    PromptSetCheck check = new PromptSetCheck(set, RoleCategoryNames.published());
    List<String> warnings = check.warnings(List.of(Lengths.inWords(set)));
    assertEquals(2, warnings.size());
    assertTrue(warnings.get(0).startsWith("There is no category confounder"), warnings.get(0));
    assertTrue(
        warnings
            .get(1)
            .startsWith(
                "Prompts of self_referent are on average 1.00 words shorter than those of neutral (p = 0.0000)"),
        warnings.get(1));
  }

  @Test
  void anyCategoriesWillDoIfTwoAreNamed() {
    PromptSet set =
        new PromptSet(
            "s",
            List.of(
                new PromptCategory("me", List.of("a", "b")),
                new PromptCategory("nobody", List.of("c", "d")),
                new PromptCategory("you", List.of("e", "f")),
                new PromptCategory("cats", List.of("g", "h")),
                new PromptCategory("dogs", List.of("i", "j"))));
    assertEquals(
        List.of(),
        new PromptSetCheck(set, new RoleCategoryNames("me", "nobody", "you")).warnings(List.of()));
    assertThrows(
        RolescopeException.class, () -> new PromptSetCheck(set, RoleCategoryNames.published()));
  }

  private static List<String> warnings(PromptSet set) {
    return new PromptSetCheck(set, RoleCategoryNames.published()).warnings(List.of());
  }

  private static PromptSet set(List<String> self, List<String> neutral, List<String> confounder) {
    List<PromptCategory> categories = new ArrayList<>();
    categories.add(new PromptCategory("self_referent", self));
    categories.add(new PromptCategory("neutral", neutral));
    categories.add(new PromptCategory("confounder", confounder));
    return new PromptSet("s", categories);
  }
}
