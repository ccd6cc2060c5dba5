package org.rolescope.orchestrator.patch;

import java.util.List;
import java.util.Locale;
import org.rolescope.v1.PatchPlan;
import org.rolescope.v1.PromptPair;

/** Which of two runs is patched into which. */
enum Direction {
  /** Places of the source are put into the target: is that enough? */
  DENOISING,
  /** Places of the target are put into the source: is that needed? */
  NOISING;

  /** The name, for example {@code denoising}; also of folders. */
  String text() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The directions a plan asks for. */
  static List<Direction> of(PatchPlan plan) {
    return plan.getSkipNoising() ? List.of(DENOISING) : List.of(DENOISING, NOISING);
  }

  /** The prompts patched into. */
  List<String> promptsInto(PatchPlan plan) {
    return this == DENOISING ? targets(plan) : sources(plan);
  }

  /** The prompts patched from. */
  List<String> promptsFrom(PatchPlan plan) {
    return this == DENOISING ? sources(plan) : targets(plan);
  }

  private static List<String> sources(PatchPlan plan) {
    return plan.getPairsList().stream().map(PromptPair::getSource).toList();
  }

  private static List<String> targets(PatchPlan plan) {
    return plan.getPairsList().stream().map(PromptPair::getTarget).toList();
  }
}
