package org.rolescope.metrics.patching;

import java.util.List;

/**
 * What patching says of a candidate. The rule, in this order:
 *
 * <ol>
 *   <li>Unless both directions were run: undecided.
 *   <li>Causal: in both directions the 95% interval of recovery excludes 0, on the same side, and
 *       the effect exceeds the 95th percentile of random heads at q below the level of
 *       significance.
 *   <li>Correlate only: in both directions the 95% interval lies within ± the bound of equivalence.
 *       That is two one-sided tests, stricter than the usual 90%.
 *   <li>Otherwise undecided: also where an interval, p or q is NaN.
 * </ol>
 *
 * @see <a href="https://doi.org/10.1007/BF01068419">Schuirmann 1987</a>
 */
public enum CausalVerdict {
  /** The heads carry part of the difference between the runs. */
  CAUSAL("causal"),
  /** Whatever the heads show, next to nothing of the difference goes through them. */
  CORRELATE_ONLY("correlate only"),
  /** The data say neither. */
  UNDECIDED("undecided");

  private final String words;

  CausalVerdict(String words) {
    this.words = words;
  }

  /** The verdict in words. */
  public String words() {
    return words;
  }

  /**
   * The verdict by the rule above.
   *
   * @param directions the scores of each direction that was run
   * @param options level of significance and bound of equivalence
   */
  static CausalVerdict of(List<DirectionScore> directions, PatchingOptions options) {
    if (directions.size() < 2) {
      return UNDECIDED;
    }
    boolean beyondNull =
        directions.stream()
            .allMatch(score -> score.chance().excessQValue() < options.significanceLevel());
    boolean towards =
        directions.stream().allMatch(score -> score.recovery().confidence().low() > 0);
    boolean away = directions.stream().allMatch(score -> score.recovery().confidence().high() < 0);
    if (beyondNull && (towards || away)) {
      return CAUSAL;
    }
    double bound = options.equivalenceBound();
    return directions.stream()
            .map(score -> score.recovery().confidence())
            .allMatch(interval -> interval.low() > -bound && interval.high() < bound)
        ? CORRELATE_ONLY
        : UNDECIDED;
  }
}
