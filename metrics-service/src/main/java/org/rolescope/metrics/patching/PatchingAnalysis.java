package org.rolescope.metrics.patching;

import static java.util.Objects.requireNonNull;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.rolescope.metrics.role.PromptIndices;
import org.rolescope.metrics.stats.BenjaminiHochberg;
import org.rolescope.metrics.stats.ChanceTest;
import org.rolescope.metrics.stats.Estimate;

/**
 * Scores candidate heads by activation patching: recovery with its bootstrap interval over prompts,
 * compared with random sets of as many heads, in one direction or both. METRICS §7.
 *
 * @param options resamples, seed, level and bound
 * @param denoising the runs of the denoising direction: source heads go into the target run
 * @param noising the runs of the noising direction, {@code source} again the run patched from;
 *     empty where that was not run
 */
public record PatchingAnalysis(
    PatchingOptions options, PatchingEndpoints denoising, Optional<PatchingEndpoints> noising) {
  /** Most numbers one call may draw: resamples times prompts times candidates and directions. */
  private static final long MAX_DRAWS = 2_000_000_000L;

  /** Checks that nothing is missing. */
  public PatchingAnalysis {
    requireNonNull(options, "options is null");
    requireNonNull(denoising, "denoising is null");
    requireNonNull(noising, "noising is null");
  }

  /**
   * Scores candidates.
   *
   * @param candidates the heads to judge; q-values are over all of them
   * @param randomHeads random sets of heads, patched alike; each candidate is compared with those
   *     of its own size. None of a size: p and q are NaN
   * @return one score a candidate, in the order given
   * @throws org.rolescope.fault.RolescopeException INVALID_ARGUMENT where there are no candidates,
   *     a patch has another number of prompts than the runs, or the work is too much for one call
   */
  public List<PatchingScore> score(List<PatchedHeads> candidates, List<PatchedHeads> randomHeads) {
    PatchingChecks.require(!candidates.isEmpty(), "there are no candidates; send at least one");
    List.of(candidates, randomHeads).forEach(patches -> patches.forEach(this::check));
    checkWork(candidates.size());
    List<DirectionScore> denoised =
        direction(denoising, PatchedHeads::denoised, candidates, randomHeads);
    Optional<List<DirectionScore>> noised =
        noising.map(runs -> direction(runs, PatchedHeads::noised, candidates, randomHeads));
    return IntStream.range(0, candidates.size())
        .mapToObj(
            candidate ->
                PatchingScore.of(
                    candidates.get(candidate),
                    denoised.get(candidate),
                    noised.map(scores -> scores.get(candidate)),
                    options))
        .toList();
  }

  private List<DirectionScore> direction(
      PatchingEndpoints runs,
      Function<PatchedHeads, List<Double>> measures,
      List<PatchedHeads> candidates,
      List<PatchedHeads> randomHeads) {
    PromptIndices defined = runs.definedPrompts();
    PromptBootstrap resamples =
        new PromptBootstrap(defined, options.bootstrapResamples(), options.seed());
    List<Estimate> recoveries =
        candidates.stream()
            .map(candidate -> runs.estimate(measures.apply(candidate), resamples))
            .toList();
    List<double[]> chance =
        candidates.stream()
            .map(
                candidate ->
                    randomHeads.stream()
                        .filter(random -> random.heads().size() == candidate.heads().size())
                        .mapToDouble(random -> runs.over(measures.apply(random), defined))
                        .toArray())
            .toList();
    double[] pValues =
        IntStream.range(0, candidates.size())
            .mapToDouble(index -> pValue(recoveries.get(index), chance.get(index)))
            .toArray();
    double[] qValues = BenjaminiHochberg.qValues(pValues);
    return IntStream.range(0, candidates.size())
        .mapToObj(
            index ->
                new DirectionScore(
                    recoveries.get(index),
                    runs.byPrompt(measures.apply(candidates.get(index))),
                    chance.get(index).length,
                    pValues[index],
                    qValues[index]))
        .toList();
  }

  private static double pValue(Estimate recovery, double[] chance) {
    return chance.length == 0
        ? Double.NaN
        : ChanceTest.pValue(recovery.value(), Arrays.stream(chance));
  }

  private void check(PatchedHeads patched) {
    checkCount(patched, "denoising", patched.denoised().size(), denoising.promptCount());
    checkCount(
        patched,
        "noising",
        patched.noised().size(),
        noising.map(PatchingEndpoints::promptCount).orElse(0));
  }

  private static void checkCount(PatchedHeads patched, String direction, int count, int expected) {
    PatchingChecks.require(
        count == expected,
        "the %s patch of %s has %d prompts but the runs have %d; send one number for each prompt",
        direction,
        patched.names(),
        count,
        expected);
  }

  private void checkWork(int candidates) {
    long prompts =
        denoising.promptCount() + (long) noising.map(PatchingEndpoints::promptCount).orElse(0);
    long draws = prompts * candidates * options.bootstrapResamples();
    PatchingChecks.require(
        draws <= MAX_DRAWS,
        "%d resamples of %d candidates on %d prompts are %d draws; ask for at most %d in one call",
        options.bootstrapResamples(),
        candidates,
        prompts,
        draws,
        MAX_DRAWS);
  }
}
