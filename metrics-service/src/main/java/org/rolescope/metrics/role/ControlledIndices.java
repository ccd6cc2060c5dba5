package org.rolescope.metrics.role;

import static java.util.Objects.requireNonNull;

import org.rolescope.metrics.entropy.EntropyKind;
import org.rolescope.metrics.stats.Estimate;

/**
 * Both indices by the ratio of sums from one kind of entropy, or their differences between two
 * models, with bootstrap intervals over prompts. METRICS §1 says what the kinds control for.
 *
 * @param kind the kind of entropy
 * @param rfc role focus coefficient; NaN where neutral prompts have no entropy of this kind
 * @param rsi role separation index likewise
 */
public record ControlledIndices(EntropyKind kind, Estimate rfc, Estimate rsi) {
  /** Checks that nothing is missing. */
  public ControlledIndices {
    requireNonNull(kind, "kind is null");
    requireNonNull(rfc, "rfc is null");
    requireNonNull(rsi, "rsi is null");
  }

  /** The estimate of the index asked for. */
  public Estimate value(RoleIndex index) {
    return switch (index) {
      case RFC -> rfc;
      case RSI -> rsi;
    };
  }
}
