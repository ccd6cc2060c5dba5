package org.rolescope.metrics.role;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.rolescope.fault.FaultCode;
import org.rolescope.fault.RolescopeException;

final class RolePromptsTest {
  private static final List<String> CATEGORIES =
      List.of("neutral", "self_referent", "third_person", "confounder", "self_referent");

  @Test
  void promptsKeepTheirOrder() {
    assertEquals(
        new RolePrompts(PromptIndices.of(1, 4), PromptIndices.of(0), PromptIndices.of(3)),
        RolePrompts.of(RoleOptions.defaults(CATEGORIES, 1)));
  }

  @Test
  void selfAndNeutralNeedPrompts() {
    RolescopeException fault =
        assertThrows(
            RolescopeException.class,
            () -> RolePrompts.of(RoleOptions.defaults(List.of("neutral", "confounder"), 1)));
    assertEquals(FaultCode.INVALID_ARGUMENT, fault.code());
    assertEquals(
        "No prompt is in category self_referent, which is to be self; the categories given are [confounder, neutral]",
        fault.getMessage());
  }

  @Test
  void aConfounderMayBeMissingUnlessItWasNamed() {
    RolePrompts prompts = RolePrompts.of(RoleOptions.defaults(CATEGORIES.subList(0, 3), 1));
    assertEquals(0, prompts.confounder().size());
    assertEquals(List.of(RoleIndex.RFC), prompts.indices());
    assertEquals(
        List.of(RoleIndex.RFC, RoleIndex.RSI),
        RolePrompts.of(RoleOptions.defaults(CATEGORIES, 1)).indices());

    RoleCategories named = new RoleCategories("self_referent", "neutral", "you");
    RolescopeException fault =
        assertThrows(RolescopeException.class, () -> RolePrompts.of(options(named)));
    assertEquals(
        "No prompt is in category you, which is to be confounder; the categories given are [confounder, neutral, self_referent, third_person]",
        fault.getMessage());
  }

  private static RoleOptions options(RoleCategories roles) {
    return new RoleOptions(
        CATEGORIES, roles, 1, 1, 1, 0.02, 0.05, 0.05, RoleOptions.DEFAULT_ENTROPY);
  }

  @Test
  void selfAndNeutralMustDiffer() {
    assertThrows(RolescopeException.class, () -> new RoleCategories("a", "a", "b"));
  }

  @Test
  void resamplesStayWithinTheirCategoryAndRepeat() {
    StratifiedBootstrap bootstrap = StratifiedBootstrap.of(RoleOptions.defaults(CATEGORIES, 5));
    List<RolePrompts> first = new ArrayList<>();
    bootstrap.forEach(first::add);
    List<RolePrompts> again = new ArrayList<>();
    bootstrap.forEach(again::add);
    assertEquals(first, again);
    assertEquals(RoleOptions.DEFAULT_RESAMPLES, first.size());
    for (RolePrompts drawn : first) {
      assertEquals(PromptIndices.of(0), drawn.neutral());
      assertEquals(2, drawn.self().size());
      assertTrue(
          IntStream.range(0, 2)
              .map(drawn.self()::at)
              .allMatch(prompt -> prompt == 1 || prompt == 4));
    }
  }

  @Test
  void optionsOutOfRangeAreRefused() {
    assertRefused(0, 1, 0.02, 0.05, 0.05);
    assertRefused(1, RoleOptions.MAX_RESAMPLES + 1, 0.02, 0.05, 0.05);
    assertRefused(1, 1, Double.NaN, 0.05, 0.05);
    assertRefused(1, 1, 0.02, -1, 0.05);
    assertRefused(1, 1, 0.02, Double.POSITIVE_INFINITY, 0.05);
    assertRefused(1, 1, 0.02, 0.05, 1);
  }

  private static void assertRefused(
      int resamples, int permutations, double degenerate, double unstable, double level) {
    RolescopeException fault =
        assertThrows(
            RolescopeException.class,
            () ->
                new RoleOptions(
                    CATEGORIES,
                    RoleCategories.PUBLISHED,
                    resamples,
                    permutations,
                    1,
                    degenerate,
                    unstable,
                    level,
                    RoleOptions.DEFAULT_ENTROPY));
    assertEquals(FaultCode.INVALID_ARGUMENT, fault.code());
  }
}
