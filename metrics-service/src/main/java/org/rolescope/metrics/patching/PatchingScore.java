package org.rolescope.metrics.patching;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * One candidate scored.
 *
 * @param heads the heads patched together
 * @param denoising source heads put into the target run
 * @param noising target heads put into the source run; empty where that was not run
 * @param verdict what that says, see {@link CausalVerdict}
 * @param explanation the verdict and its reason: one sentence
 */
public record PatchingScore(
    List<HeadSite> heads,
    DirectionScore denoising,
    Optional<DirectionScore> noising,
    CausalVerdict verdict,
    String explanation) {
  /** Copies the heads. */
  public PatchingScore {
    heads = List.copyOf(heads);
    requireNonNull(denoising, "denoising is null");
    requireNonNull(noising, "noising is null");
    requireNonNull(verdict, "verdict is null");
    requireNonNull(explanation, "explanation is null");
  }

  /** The score of these heads, with the verdict the options lead to. */
  static PatchingScore of(
      PatchedHeads patched,
      DirectionScore denoising,
      Optional<DirectionScore> noising,
      PatchingOptions options) {
    CausalVerdict verdict =
        CausalVerdict.of(Stream.concat(Stream.of(denoising), noising.stream()).toList(), options);
    return new PatchingScore(
        patched.heads(),
        denoising,
        noising,
        verdict,
        PatchingSentence.of(patched, denoising, noising, verdict, options));
  }
}
