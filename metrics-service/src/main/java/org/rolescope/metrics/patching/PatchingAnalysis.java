package org.rolescope.metrics.patching;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.rolescope.metrics.role.PromptIndices;
import org.rolescope.metrics.stats.BenjaminiHochberg;
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
  /** Most numbers one call may draw: resamples times prompts times sets and directions. */
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
   *     of its own size. None of a size: every p and q is NaN
   * @return one score a candidate, in the order given
   * @throws org.rolescope.fault.RolescopeException INVALID_ARGUMENT where there are no candidates,
   *     a patch has another number of prompts than the runs, or the work is too much for one call
   */
  public List<PatchingScore> score(List<PatchedHeads> candidates, List<PatchedHeads> randomHeads) {
    PatchingChecks.require(!candidates.isEmpty(), "there are no candidates; send at least one");
    List.of(candidates, randomHeads).forEach(patches -> patches.forEach(this::check));
    checkWork(candidates.size() + randomHeads.size());
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
    Map<Integer, RandomSets> bySize =
        candidates.stream()
            .map(candidate -> candidate.heads().size())
            .distinct()
            .collect(
                Collectors.toMap(
                    Function.identity(),
                    size -> new RandomSets(runs, ofSize(size, randomHeads, measures), resamples)));
    List<Unadjusted> found =
        candidates.stream()
            .map(
                candidate ->
                    Unadjusted.of(
                        runs,
                        measures.apply(candidate),
                        resamples,
                        bySize.get(candidate.heads().size())))
            .toList();
    double[] ranked =
        BenjaminiHochberg.qValues(found.stream().mapToDouble(Unadjusted::rankPValue).toArray());
    double[] excess =
        BenjaminiHochberg.qValues(found.stream().mapToDouble(Unadjusted::excessPValue).toArray());
    return IntStream.range(0, found.size())
        .mapToObj(index -> found.get(index).adjusted(ranked[index], excess[index]))
        .toList();
  }

  private static List<List<Double>> ofSize(
      int size, List<PatchedHeads> sets, Function<PatchedHeads, List<Double>> measures) {
    return sets.stream().filter(set -> set.heads().size() == size).map(measures).toList();
  }

  /** What one candidate does, before it is seen as one of many. */
  private record Unadjusted(
      Estimate recovery,
      List<Double> byPrompt,
      RandomSets random,
      double rankPValue,
      double excessPValue) {
    static Unadjusted of(
        PatchingEndpoints runs,
        List<Double> patched,
        PromptBootstrap resamples,
        RandomSets random) {
      double[] resampled = runs.resampled(patched, resamples);
      Estimate recovery = runs.estimate(patched, resampled);
      return new Unadjusted(
          recovery,
          runs.byPrompt(patched),
          random,
          random.rankPValue(recovery),
          random.excessPValue(resampled));
    }

    DirectionScore adjusted(double rankQValue, double excessQValue) {
      return new DirectionScore(
          recovery,
          byPrompt,
          new NullComparison(
              random.count(),
              rankPValue,
              rankQValue,
              random.quantile(),
              excessPValue,
              excessQValue));
    }
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

  private void checkWork(int sets) {
    long prompts =
        denoising.promptCount() + (long) noising.map(PatchingEndpoints::promptCount).orElse(0);
    long draws = prompts * sets * options.bootstrapResamples();
    PatchingChecks.require(
        draws <= MAX_DRAWS,
        "%d resamples of %d sets of heads on %d prompts are %d draws; ask for at most %d in one call",
        options.bootstrapResamples(),
        sets,
        prompts,
        draws,
        MAX_DRAWS);
  }
}
