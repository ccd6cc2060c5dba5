package org.rolescope.metrics.patching;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.rolescope.fault.FaultCode;
import org.rolescope.fault.RolescopeException;
import org.rolescope.metrics.entropy.EntropyKind;
import org.rolescope.metrics.entropy.LayerEntropies;
import org.rolescope.metrics.role.RoleGolden;
import org.rolescope.metrics.role.RoleOptions;
import org.rolescope.metrics.stats.Estimate;
import org.rolescope.metrics.stats.Interval;

/** What must hold of any intervention, and what is refused. */
final class InterventionEffectsTest {
  private static final RoleOptions OPTIONS = RoleGolden.options().withResamples(50, 1);

  @Test
  void noInterventionHasNoEffect() {
    Estimate nothing = new Estimate(0, new Interval(0, 0));
    LayerEntropies layer = RoleGolden.layer(0, "base");
    LayerEffects effects = new InterventionEffects(OPTIONS).of(layer, layer);
    assertEquals(new LayerEffects(0, nothing, nothing, nothing, nothing, nothing), effects);
  }

  @Test
  void withoutConfounderPromptsWhatRestsOnThemIsNaN() {
    List<String> categories =
        RoleGolden.options().categories().stream()
            .map(category -> category.equals("confounder") ? "neutral" : category)
            .toList();
    LayerEffects effects =
        new InterventionEffects(RoleOptions.defaults(categories, 1).withResamples(50, 1))
            .of(RoleGolden.layer(0, "base"), RoleGolden.layer(0, "instruct"));
    assertTrue(Double.isNaN(effects.confounderNats().value()));
    assertTrue(Double.isNaN(effects.rsi().value()));
    assertTrue(Double.isNaN(effects.rsi().confidence().low()));
    assertTrue(Double.isFinite(effects.rfc().confidence().low()));
  }

  @Test
  void onePromptInACategoryHasNoInterval() {
    LayerEntropies layer = RoleGolden.layer(0, "base");
    List<String> categories = new ArrayList<>(Collections.nCopies(layer.promptCount(), "neutral"));
    categories.set(0, "self_referent");
    RoleOptions options = RoleOptions.defaults(categories, 1).withResamples(50, 1);
    LayerEffects effects =
        new InterventionEffects(options).of(layer, RoleGolden.layer(0, "instruct"));
    assertTrue(Double.isFinite(effects.rfc().value()));
    assertEquals(Interval.UNDEFINED, effects.rfc().confidence());
  }

  @Test
  void runsThatDoNotBelongTogetherAreRefused() {
    LayerEntropies layer = RoleGolden.layer(0, "base");
    InterventionEffects effects = new InterventionEffects(OPTIONS);
    assertRefused("send the same layer", () -> effects.of(layer, RoleGolden.layer(1, "base")));
    LayerEntropies longer =
        new LayerEntropies(
            0,
            layer.headCount(),
            layer.queryCounts().stream().map(count -> count + 1).toList(),
            layer.tables());
    assertRefused("send the same prompts", () -> effects.of(layer, longer));
    RoleOptions fewer = RoleOptions.defaults(List.of("self_referent", "neutral"), 1);
    assertRefused("2 categories", () -> new InterventionEffects(fewer).of(layer, layer));
    InterventionEffects weighted =
        new InterventionEffects(OPTIONS.withEntropy(EntropyKind.NORM_WEIGHTED));
    assertRefused("there is no NORM_WEIGHTED table", () -> weighted.of(layer, layer));
  }

  private static void assertRefused(String sentence, Runnable step) {
    RolescopeException refused = assertThrows(RolescopeException.class, step::run);
    assertEquals(FaultCode.INVALID_ARGUMENT, refused.code());
    assertTrue(refused.getMessage().contains(sentence), refused.getMessage());
  }
}
