package org.rolescope.metrics.patching;

import static java.util.Objects.requireNonNull;

import org.rolescope.metrics.stats.Estimate;

/**
 * What an intervention does to a later layer: intervened minus un-intervened run, on the same
 * prompts, each with its 95% bootstrap interval over prompts.
 *
 * @param layer the layer, counting from 0
 * @param selfNats change of the pooled entropy of the self prompts, mean over heads, nats
 * @param neutralNats the same of the neutral prompts
 * @param confounderNats the same of the confounder prompts; NaN without any
 * @param rfc change of the role focus coefficient; NaN where neutral prompts have no entropy
 * @param rsi change of the role separation index; NaN likewise, and without a confounder
 */
public record LayerEffects(
    int layer,
    Estimate selfNats,
    Estimate neutralNats,
    Estimate confounderNats,
    Estimate rfc,
    Estimate rsi) {
  /** Checks that nothing is missing. */
  public LayerEffects {
    requireNonNull(selfNats, "selfNats is null");
    requireNonNull(neutralNats, "neutralNats is null");
    requireNonNull(confounderNats, "confounderNats is null");
    requireNonNull(rfc, "rfc is null");
    requireNonNull(rsi, "rsi is null");
  }
}
