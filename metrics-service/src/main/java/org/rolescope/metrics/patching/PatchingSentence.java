package org.rolescope.metrics.patching;

import java.util.Locale;
import java.util.Optional;

/** Says in one sentence what patching found. The same numbers give the same words. */
final class PatchingSentence {
  private PatchingSentence() {}

  /** The heads, their recovery in each direction, the verdict, and why it is no other. */
  static String of(
      PatchedHeads patched,
      DirectionScore denoising,
      Optional<DirectionScore> noising,
      CausalVerdict verdict,
      PatchingOptions options) {
    return "%s: %s; denoising %s%s: %s."
        .formatted(
            patched.names(),
            verdict.words(),
            numbers(denoising),
            noising.map(score -> ", noising " + numbers(score)).orElse(""),
            reason(denoising, noising, verdict, options));
  }

  private static String numbers(DirectionScore score) {
    return String.format(
        Locale.ROOT,
        "%.3f [%.3f, %.3f] against %.3f, the 95th percentile of %d random sets (q %.3g)",
        score.recovery().value(),
        score.recovery().confidence().low(),
        score.recovery().confidence().high(),
        score.chance().quantile(),
        score.chance().count(),
        score.chance().excessQValue());
  }

  private static String reason(
      DirectionScore denoising,
      Optional<DirectionScore> noising,
      CausalVerdict verdict,
      PatchingOptions options) {
    return switch (verdict) {
      case CAUSAL ->
          denoising.recovery().value() > 0
              ? "both intervals exclude 0 and nearly all random heads do less"
              : "both intervals exclude 0, away from the source, and nearly all random heads do less";
      case CORRELATE_ONLY ->
          "both intervals lie within %s of 0".formatted(options.equivalenceBound());
      case UNDECIDED ->
          noising
              .map(score -> missing(denoising, score, options))
              .orElse("the noising direction was not run");
    };
  }

  private static String missing(
      DirectionScore denoising, DirectionScore noising, PatchingOptions options) {
    int defined = Math.min(denoising.definedCount(), noising.definedCount());
    int nullCount = Math.min(denoising.chance().count(), noising.chance().count());
    if (defined < 2) {
      return "%d prompts have a recovery in both directions, and an interval needs 2"
          .formatted(defined);
    }
    if (nullCount < RandomSets.FEWEST) {
      return "%d random sets have no 95th percentile, for which it takes %d, and so allow no verdict but correlate only"
          .formatted(nullCount, RandomSets.FEWEST);
    }
    return "neither do both effects exclude 0 on one side and exceed nearly all random heads, nor are both within %s of 0"
        .formatted(options.equivalenceBound());
  }
}
