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
        "%.3f [%.3f, %.3f] with q %.3g against %d random sets",
        score.recovery().value(),
        score.recovery().confidence().low(),
        score.recovery().confidence().high(),
        score.qValue(),
        score.nullCount());
  }

  private static String reason(
      DirectionScore denoising,
      Optional<DirectionScore> noising,
      CausalVerdict verdict,
      PatchingOptions options) {
    return switch (verdict) {
      case CAUSAL ->
          denoising.recovery().value() > 0
              ? "both intervals exclude 0 and random heads do less"
              : "both intervals exclude 0, away from the source, and random heads do less";
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
    int nullCount = Math.min(denoising.nullCount(), noising.nullCount());
    if (defined < 2) {
      return "%d prompts have a recovery in both directions, and an interval needs 2"
          .formatted(defined);
    }
    if (1 / (1.0 + nullCount) >= options.significanceLevel()) {
      return "%d random sets cannot give a p below %s, and so no verdict but correlate only"
          .formatted(nullCount, options.significanceLevel());
    }
    return "neither do both effects exclude 0 on one side and exceed random heads, nor are both within %s of 0"
        .formatted(options.equivalenceBound());
  }
}
