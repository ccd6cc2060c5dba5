package org.rolescope.metrics.role;

/**
 * The two role indices. Both are ratios of entropies and have no unit. METRICS §2.
 *
 * <p>Here H is the entropy of a head or a layer on the prompts of a role.
 */
public enum RoleIndex {
  /**
   * Role focus coefficient: 1 − H_self / H_neutral. Positive where self prompts focus attention.
   */
  RFC {
    @Override
    double ratio(double self, double neutral, double confounder) {
      return 1 - self / neutral;
    }
  },
  /** Role separation index: (H_confounder − H_self) / H_neutral. NaN without a confounder. */
  RSI {
    @Override
    double ratio(double self, double neutral, double confounder) {
      return (confounder - self) / neutral;
    }
  };

  /** The formula itself. */
  abstract double ratio(double self, double neutral, double confounder);

  /**
   * The index of three entropies; NaN where neutral is not positive, because a ratio to nothing
   * says nothing.
   */
  public double of(double self, double neutral, double confounder) {
    return neutral > 0 ? ratio(self, neutral, confounder) : Double.NaN;
  }

  /**
   * The same, but 0 where neutral is not positive, as the published study has it. An entropy that
   * the index rests on and that is NaN, because there is none, gives NaN.
   */
  public double orZero(double self, double neutral, double confounder) {
    boolean known = !Double.isNaN(ratio(self, 1, confounder));
    return known && neutral <= 0 ? 0 : of(self, neutral, confounder);
  }
}
