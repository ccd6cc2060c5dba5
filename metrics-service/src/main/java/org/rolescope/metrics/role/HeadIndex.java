package org.rolescope.metrics.role;

/**
 * Pooled entropies of one head and what follows from them.
 *
 * @param selfNats pooled entropy of the self category, nats
 * @param neutralNats pooled entropy of the neutral category, nats
 * @param confounderNats pooled entropy of the confounder category, nats; NaN where there is none
 * @param rfc role focus coefficient; 0 where neutral is not positive, which {@link
 *     HeadRoles#degenerate} then tells
 * @param rsi role separation index; 0 where neutral is not positive, NaN without a confounder
 */
public record HeadIndex(
    double selfNats, double neutralNats, double confounderNats, double rfc, double rsi) {
  /** Computes the indices of three entropies. */
  public static HeadIndex of(double selfNats, double neutralNats, double confounderNats) {
    return new HeadIndex(
        selfNats,
        neutralNats,
        confounderNats,
        RoleIndex.RFC.orZero(selfNats, neutralNats, confounderNats),
        RoleIndex.RSI.orZero(selfNats, neutralNats, confounderNats));
  }

  /** The index asked for. */
  public double value(RoleIndex index) {
    return switch (index) {
      case RFC -> rfc;
      case RSI -> rsi;
    };
  }
}
