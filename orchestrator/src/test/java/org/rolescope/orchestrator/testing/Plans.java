package org.rolescope.orchestrator.testing;

import java.util.List;
import java.util.Optional;
import org.rolescope.orchestrator.plan.PromptCategory;
import org.rolescope.orchestrator.plan.PromptSet;
import org.rolescope.orchestrator.plan.RoleSettings;
import org.rolescope.orchestrator.plan.RunPlan;

/** Plans for the models of {@link Bench}. */
public final class Plans {
  private Plans() {}

  public static RunPlan comparing() {
    return plan(Optional.of("tiny-instruct"), prompts(), false);
  }

  public static RunPlan single() {
    return plan(Optional.empty(), prompts(), false);
  }

  public static RunPlan plan(Optional<String> instruct, PromptSet prompts, boolean skipRaw) {
    return new RunPlan(
        "tiny", "tiny-base", instruct, prompts, RoleSettings.defaults().withSeed(7), skipRaw, 0);
  }

  /** Two prompts a category, of several lengths, one with letters beyond ASCII. */
  public static PromptSet prompts() {
    return new PromptSet(
        "two-each",
        List.of(
            new PromptCategory("self_referent", List.of("What are you?", "Can you think?")),
            new PromptCategory("confounder", List.of("How tall am I?", "Where are my old keys?")),
            new PromptCategory("neutral", List.of("What is DNA?", "Explain naïve 𝔘nicode.")),
            new PromptCategory("third_person", List.of("How tall is she?", "Who?"))));
  }
}
