package org.rolescope.metrics.patching;

import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;
import org.rolescope.metrics.role.BootstrapInterval;
import org.rolescope.metrics.role.PromptIndices;
import org.rolescope.metrics.stats.Estimate;
import org.rolescope.metrics.stats.Samples;

/**
 * The two runs between which patches move, in one direction. Recovery over several prompts is Σ
 * s·(m_patched − m_target) / Σ |m_source − m_target|, s the sign of m_source − m_target: the mean
 * of the prompts' recoveries, each weighted by how far apart its runs are. So a prompt whose runs
 * hardly differ has hardly any say, and prompts that prefer opposite answers do not cancel. Where
 * all gaps have one sign it is the recovery of the means.
 *
 * @param source m of the run patched from, [prompt]
 * @param target m of the run patched into, [prompt]
 */
public record PatchingEndpoints(List<Double> source, List<Double> target) {
  /**
   * Copies and checks.
   *
   * @throws org.rolescope.fault.RolescopeException INVALID_ARGUMENT where there are no prompts, the
   *     two differ in length, or a number is not finite
   */
  public PatchingEndpoints {
    source = List.copyOf(source);
    target = List.copyOf(target);
    PatchingChecks.require(
        !source.isEmpty() && source.size() == target.size(),
        "there are %d prompts of the source run and %d of the target run; send one number for each prompt of both",
        source.size(),
        target.size());
    PatchingChecks.requireFinite(source, "source run");
    PatchingChecks.requireFinite(target, "target run");
  }

  /** Number of prompts. */
  public int promptCount() {
    return source.size();
  }

  /** The prompts that have a recovery: those whose runs differ by 1e-6 or more. */
  public PromptIndices definedPrompts() {
    return PromptIndices.of(
        IntStream.range(0, promptCount())
            .filter(prompt -> Recovery.isDefined(source.get(prompt), target.get(prompt)))
            .toArray());
  }

  /**
   * Recovery of each prompt.
   *
   * @param patched m of the patched runs, [prompt]
   * @return [prompt]; NaN where {@link Recovery} is undefined
   */
  public List<Double> byPrompt(List<Double> patched) {
    return IntStream.range(0, promptCount())
        .mapToObj(
            prompt -> Recovery.of(source.get(prompt), target.get(prompt), patched.get(prompt)))
        .toList();
  }

  /**
   * Recovery over prompts.
   *
   * @param patched m of the patched runs, [prompt]
   * @param prompts prompts that have a recovery; NaN is returned where there is none
   */
  public double over(List<Double> patched, PromptIndices prompts) {
    double moved = 0;
    double gaps = 0;
    for (int position = 0; position < prompts.size(); position++) {
      int prompt = prompts.at(position);
      double gap = source.get(prompt) - target.get(prompt);
      moved += Math.signum(gap) * (patched.get(prompt) - target.get(prompt));
      gaps += Math.abs(gap);
    }
    return moved / gaps;
  }

  /**
   * Recovery over all prompts that have one, with its 95% bootstrap interval by expanded
   * percentiles, see {@link BootstrapInterval}.
   *
   * @param patched m of the patched runs, [prompt]
   * @param resamples resamples of {@link #definedPrompts}; with one prompt or none the interval is
   *     NaN
   */
  public Estimate estimate(List<Double> patched, Iterable<PromptIndices> resamples) {
    return estimate(patched, resampled(patched, resamples));
  }

  /** The same from what {@link #resampled} gave. */
  Estimate estimate(List<Double> patched, double[] resampled) {
    PromptIndices defined = definedPrompts();
    return new Estimate(
        over(patched, defined), Samples.central(resampled, BootstrapInterval.tail(defined.size())));
  }

  /** Recovery in each resample. */
  double[] resampled(List<Double> patched, Iterable<PromptIndices> resamples) {
    return StreamSupport.stream(resamples.spliterator(), false)
        .mapToDouble(resample -> over(patched, resample))
        .toArray();
  }
}
