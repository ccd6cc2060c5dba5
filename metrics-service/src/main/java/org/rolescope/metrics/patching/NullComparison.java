package org.rolescope.metrics.patching;

/**
 * A candidate held against random sets of as many heads, in one direction, see {@link RandomSets}.
 *
 * @param count number of random sets
 * @param rankPValue share of random sets with a recovery at least as large in size, itself counted
 *     among them; NaN where there are none, or recovery is NaN
 * @param rankQValue Benjamini-Hochberg over the candidates of this direction; NaN where p is
 * @param quantile 95th percentile of the size of the recovery of random sets; NaN for fewer than 20
 * @param excessPValue share of resamples of prompts in which the candidate does not exceed that
 *     percentile; NaN where there is none, or recovery is NaN
 * @param excessQValue Benjamini-Hochberg likewise; NaN where p is
 */
public record NullComparison(
    int count,
    double rankPValue,
    double rankQValue,
    double quantile,
    double excessPValue,
    double excessQValue) {}
